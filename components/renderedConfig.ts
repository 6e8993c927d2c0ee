import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { NodePlan } from "../configs/plan.ts";
import { environmentName } from "../operations/files.ts";

export interface RenderedConfigArgs {
  readonly node: NodePlan;
  /** Files by path whose content must not be shown: keys, certificates, the passfile. */
  readonly secretFiles: pulumi.Output<Record<string, string>>;
}

/**
 * A node's declared files, put on its config volume. Only written here: when a server reloads or restarts because of them is decided
 * by the convergence. One environment variable a file, because that is what a preview shows as a line diff.
 */
export class RenderedConfig extends pulumi.ComponentResource {
  constructor(name: string, args: RenderedConfigArgs, options: pulumi.ComponentResourceOptions) {
    super("postgres-cluster:index:RenderedConfig", name, {}, options);
    const files = Object.entries(args.node.files).map(([file, text]) => [environmentName(file), text]);
    new command.local.Command(
      name,
      {
        create: "exec node operations/hooks/main.ts write-files",
        environment: {
          ...Object.fromEntries(files),
          CONTAINER: args.node.container,
          FILE_NAMES: Object.keys(args.node.files).join(" "),
          SECRET_FILES: pulumi.secret(pulumi.jsonStringify(args.secretFiles)),
        },
        logging: command.local.Logging.Stderr,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
