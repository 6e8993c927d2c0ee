import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { projectDir } from "../../toolchain/project.ts";
import { stackConfig } from "../contestants/stackConfig.ts";
import type { UpContestants } from "../contestants/upContestants.ts";
import type { Measure } from "../runner/measure.ts";
import type { ProgramTimes } from "./program/times.ts";

const script = join(import.meta.dirname, "program", "times.ts");

/** The program without its resources: modules, config → spec, spec → plan with its rendered files. Each run is a new process. */
export const program: Measure<UpContestants> = {
  id: "program",
  title: "the program itself, in a new process",
  unit: "ms",
  targets: [{ of: "load → plan → render", atMost: 50 }],
  async contestants({ run }) {
    const { config } = parse(stackConfig([15432, 15433, 15434])) as { config: Record<string, unknown> };
    const texts = Object.entries(config).map(([key, value]) => [key, asPulumiText(value)]);
    // As the language host hands these over.
    const env = {
      PULUMI_NODEJS_PROJECT: "postgres-cluster",
      PULUMI_NODEJS_STACK: "quorum",
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(texts)),
    };
    const times = async () => {
      const { stdout } = await run(process.execPath, [...nodeArguments(), script], { cwd: projectDir, env });
      return JSON.parse(stdout) as ProgramTimes;
    };
    await times(); // warm-up
    const figures = async () => {
      const { modules, spec, plan, sdk } = await times();
      return {
        "load → plan → render": modules + spec + plan,
        "  of it: loading its modules": modules,
        "  of it: config → spec": spec,
        "  of it: spec → plan, rendered": plan,
        "import of @pulumi/pulumi": sdk,
      };
    };
    return [{ run: figures }];
  },
};

/** Arguments that Pulumi.yaml has Pulumi give to the program's Node. */
function nodeArguments(): string[] {
  const { runtime } = parse(readFileSync(join(projectDir, "Pulumi.yaml"), "utf8"));
  const { nodeargs } = runtime.options as { nodeargs?: string };
  return nodeargs?.split(" ") ?? [];
}

function asPulumiText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
