import { join } from "node:path";
import packageJson from "../../package.json" with { type: "json" };

const { dependencies } = packageJson;

/** One version everywhere: the npm launcher, the SDK and the Go module that the CLI is built from. */
export const pulumiVersion = dependencies.pulumi;

/** The resource plugins that the program uses; each SDK asks for the plugin of its own version. */
export const resourcePlugins = ["docker", "command", "random", "tls"].map((name) => ({
  name,
  version: dependencies[`@pulumi/${name}` as keyof typeof dependencies],
}));

/** Where the npm launcher `pulumi` keeps the CLI of our version inside a PULUMI_HOME. */
export const cliIn = (home: string): string => join(home, "versions", pulumiVersion, "bin", "pulumi");
