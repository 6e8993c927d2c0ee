import * as pulumi from "@pulumi/pulumi";

const step = process.env.CONFORMANCE_STEP as string;

const programs: Record<string, () => unknown> = {
  base: () => ({
    organization: pulumi.getOrganization(),
    project: pulumi.getProject(),
    stack: pulumi.getStack(),
    dryRun: pulumi.runtime.isDryRun(),
    plain: new pulumi.Config().require("plain"),
    hidden: new pulumi.Config().requireSecret("hidden"),
    object: new pulumi.Config("other").requireObject("object"),
    directory: process.cwd(),
  }),
  prints: () => {
    console.log("to stdout");
    console.error("to stderr");
    pulumi.log.warn("a warning");
  },
  throws: () => {
    throw new Error("the program's own error");
  },
  runError: () => {
    throw new pulumi.RunError("an error without a stack");
  },
  exits: () => process.exit(7),
  hangs: () => {
    console.log("hanging");
    setInterval(() => {}, 1000);
    return new Promise(() => {});
  },
};

export const outputs = await programs[step]?.();
