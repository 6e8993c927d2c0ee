import { describe, expect, test } from "vitest";
import { choosePulumi } from "../../../toolchain/pulumi/choose.ts";
import type { PulumiFacts } from "../../../toolchain/pulumi/facts.ts";

const nothing = ["docker 5.2.0", "command 1.2.1", "random 4.21.2", "tls 5.6.1"];
const bare: PulumiFacts = {
  callerHome: { home: "/home/u/.pulumi", cli: undefined, missingPlugins: nothing },
  projectHome: { home: "/p/.pulumi-home", cli: undefined, missingPlugins: nothing, current: false },
  onPath: [],
};
const callerComplete = { home: "/opt/official", cli: "/opt/official/versions/3.259.0/bin/pulumi", missingPlugins: [] };
const registryOnly = { home: "/p/.pulumi-home", cli: "/p/.pulumi-home/bin/pulumi", missingPlugins: [], current: true };
const versions: Record<string, string> = { "/usr/local/bin/pulumi": "3.259.0", "/opt/old/pulumi": "3.200.0" };

const choose = (facts: Partial<PulumiFacts>) => choosePulumi({ ...bare, ...facts }, (cli) => versions[cli], "3.259.0");

describe("what is on the machine", () => {
  test("nothing", () => {
    expect(choose({})).toEqual({ kind: "nothing" });
  });

  test("a complete home of the caller is used as it is, also where registry-only plugins were installed earlier", () => {
    const toolchain = { route: "machine", cli: callerComplete.cli, home: "/opt/official" };
    expect(choose({ callerHome: callerComplete, projectHome: registryOnly })).toEqual({ kind: "ready", toolchain });
  });

  test("the caller's home wins over PATH, which is not even asked for its version", () => {
    const facts = { ...bare, callerHome: callerComplete, onPath: ["/usr/local/bin/pulumi"] };
    const choice = choosePulumi(facts, () => expect.unreachable("asked"), "3.259.0");
    expect(choice).toMatchObject({ toolchain: { cli: callerComplete.cli } });
  });

  test("a CLI on PATH of our version, with plugins in the caller's home", () => {
    const callerHome = { ...bare.callerHome, missingPlugins: [] };
    expect(choose({ callerHome, onPath: ["/opt/old/pulumi", "/usr/local/bin/pulumi"] })).toEqual({
      kind: "ready",
      toolchain: { route: "machine", cli: "/usr/local/bin/pulumi", home: "/home/u/.pulumi" },
    });
  });

  test("a CLI on PATH of another version does not count", () => {
    const callerHome = { ...bare.callerHome, missingPlugins: [] };
    expect(choose({ callerHome, onPath: ["/opt/old/pulumi"] })).toEqual({ kind: "nothing" });
  });

  test("a CLI without all plugins names those that are missing", () => {
    expect(choose({ callerHome: { ...callerComplete, missingPlugins: ["tls 5.6.1"] } })).toEqual({
      kind: "plugins missing",
      toolchain: { route: "machine", cli: callerComplete.cli, home: "/opt/official" },
      missing: ["tls 5.6.1"],
    });
  });
});

describe("registry-only plugins of the project", () => {
  test("are used rather than anything installed anew", () => {
    const callerHome = { ...callerComplete, missingPlugins: ["tls 5.6.1"] };
    const toolchain = { route: "registry-only", cli: registryOnly.cli, home: registryOnly.home };
    expect(choose({ callerHome, projectHome: registryOnly })).toEqual({ kind: "ready", toolchain });
  });

  test.each([{ current: false }, { missingPlugins: ["tls 5.6.1"] }])("are renewed when %o", (fault) => {
    expect(choose({ projectHome: { ...registryOnly, ...fault } })).toEqual({ kind: "renew registry-only" });
  });
});
