import { describe, expect } from "vitest";
import { connectApplication, ownerPassword } from "./support/application.ts";
import { clusterTest } from "./support/clusterTest.ts";
import { dockerObjectsOf } from "./support/dockerObjects.ts";

const test = clusterTest({ mode: "quorum" });

describe("destroy", () => {
  let firstPassword: string;

  test("keeps the data volumes, and says which", async ({ stack }) => {
    await stack.up();
    const application = await connectApplication(stack);
    await application.query("create table heirloom as select 'clock' as what");
    await application.end();
    firstPassword = ownerPassword((await stack.outputs()).connectionString);

    const { output } = await stack.start("destroy", "--yes").succeeded();
    const kept = stack.nodeNames.map((node) => `${stack.containerName(node)}-data`);
    for (const volume of kept) expect(output).toContain(volume);
    const left = await dockerObjectsOf(stack.name);
    expect({ ...left, volumes: [...left.volumes].sort() }).toMatchObject({
      containers: [],
      volumes: kept,
      networks: [],
    });
  });

  test("is undone by up, which adopts the data and makes the new passwords right", async ({ stack }) => {
    const { output } = await stack.up();
    expect(output).not.toMatch(/initialising|base backup from/);
    await stack.expectVerified();
    expect(ownerPassword((await stack.outputs()).connectionString)).not.toBe(firstPassword);
    for (const node of stack.nodeNames) {
      const application = await connectApplication(stack, node);
      expect((await application.query("select what from heirloom")).rows).toEqual([{ what: "clock" }]);
      await application.end();
      await expect(connectApplication(stack, node, firstPassword)).rejects.toThrow("password authentication failed");
    }
  });

  test("with --delete-data leaves nothing", async ({ stack }) => {
    await stack.start("destroy", "--yes", "--delete-data").succeeded();
    expect(await dockerObjectsOf(stack.name)).toMatchObject({ containers: [], volumes: [], networks: [] });
  });

  test("of a stack that is not there says so, and succeeds", async ({ stack }) => {
    const { output } = await stack.start("destroy", "--yes").succeeded();
    expect(output).toContain("No data volume");
  });
});
