import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removeLeftovers } from "./support/engine.ts";
import { freePorts } from "./support/freePorts.ts";
import { cli, type PulumiHome, pulumiHome, registryOnlyHome, removeHome } from "./support/pulumiHome.ts";
import { succeeded, ThrowAwayProject } from "./support/throwAwayProject.ts";

/**
 * A machine may get access to the official plugins later, or lose it: either kind must take over a state of the other
 * without a change. Runs when the caller's PULUMI_HOME holds the official ones.
 */
const given = await pulumiHome();
if (given.registryOnly) await removeHome(given);

describe.skipIf(given.registryOnly)("a state is handed over without a change", () => {
  let standIns: PulumiHome;
  let project: ThrowAwayProject;

  beforeEach(async () => {
    process.env.CONFORMANCE_PORT = String(await freePorts());
    standIns = await registryOnlyHome(cli(given.directory));
  });
  afterEach(async () => {
    try {
      await project[Symbol.asyncDispose]();
    } finally {
      await removeLeftovers(project.prefix);
      await removeHome(standIns);
    }
  });

  test.each([
    ["from the registry-only plugins to the official ones", () => [standIns, given]],
    ["from the official plugins to the registry-only ones", () => [given, standIns]],
  ] as const)("%s", async (_title, homes) => {
    const [before, after] = homes() as [PulumiHome, PulumiHome];
    project = await ThrowAwayProject.create("handOver.ts", before);
    succeeded(await project.up("base"));
    project.home = after;
    const { changes, output } = succeeded(await project.preview("base", "--diff"));
    expect(Object.keys(changes), output).toEqual(["same"]);
    expect(Object.keys(succeeded(await project.preview("base", "--refresh")).changes)).toEqual(["same"]);
  });
});
