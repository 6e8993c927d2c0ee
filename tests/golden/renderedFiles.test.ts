import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { parseStackConfig } from "../../configs/loadFile.ts";
import { planCluster } from "../../configs/plan.ts";
import { renderRuntime } from "../../configs/render/runtime.ts";
import { loadLogicalReader } from "../../configs/loadLogicalReader.ts";
import { validateSpec } from "../../configs/validateSpec.ts";

/** What PostgreSQL will see, byte for byte, for the reviewer of a change. `npm run golden` writes the files anew. */
const here = import.meta.dirname;
const stacks = {
  async: "../../configs/Pulumi.async.yaml",
  quorum: "../../configs/Pulumi.quorum.yaml",
  logical: "../../configs/Pulumi.logical.yaml",
  tricky: "stacks/Pulumi.tricky.yaml",
};

/** Schema files are in the repository already. */
const withoutText = (key: string, value: unknown) => (key === "text" ? undefined : value);

describe.each(Object.entries(stacks))("stack %s", async (stack, config) => {
  const path = join(here, config);
  const raw = parseStackConfig(stack, readFileSync(path, "utf8"));
  const plan = planCluster(validateSpec(raw, await loadLogicalReader(raw, dirname(path))));
  const { nodes, ...cluster } = plan;
  const rendered: Record<string, string> = {
    "plan.json": `${JSON.stringify({ ...cluster, nodes: nodes.map(({ files: _, ...node }) => node) }, withoutText, 2)}\n`,
  };
  for (const { name, files } of nodes) {
    for (const [file, text] of Object.entries(files)) rendered[`${name}/${file}`] = text;
    rendered[`${name}/runtime.conf`] = renderRuntime(plan, name, { primary: plan.primary, synchronous: true });
  }

  test.each(Object.entries(rendered))("%s", async (file, text) => {
    await expect(text).toMatchFileSnapshot(join(here, stack, file));
  });

  test("has no golden file that is no longer rendered", () => {
    const directory = join(here, stack);
    const entries = existsSync(directory) ? readdirSync(directory, { recursive: true, withFileTypes: true }) : [];
    const found = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => relative(directory, join(parentPath, name)));
    expect(found.filter((file) => !(file in rendered))).toEqual([]);
  });
});
