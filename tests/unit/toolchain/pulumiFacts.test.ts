import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerPulumiHome, gatherPulumiFacts, homeFacts } from "../../../toolchain/pulumi/facts.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-facts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function executable(...path: string[]): string {
  const file = join(folder, ...path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, "#!/bin/sh\n", { mode: 0o755 });
  return file;
}

function completeHome(): void {
  for (const name of ["pulumi", "pulumi-language-nodejs"]) executable("home/versions/3.259.0/bin", name);
  for (const plugin of ["docker-v5.2.0", "command-v1.2.1", "random-v4.21.2", "tls-v5.6.1"]) {
    executable("home/plugins", `resource-${plugin}`, `pulumi-resource-${plugin.replace(/-v.*/, "")}`);
  }
}

describe("a PULUMI_HOME", () => {
  test("that is complete", () => {
    completeHome();
    const home = join(folder, "home");
    expect(homeFacts(home)).toEqual({ home, cli: join(home, "versions/3.259.0/bin/pulumi"), missingPlugins: [] });
  });

  test.each(["pulumi", "pulumi-language-nodejs"])("without %s has no CLI", (name) => {
    completeHome();
    rmSync(join(folder, "home/versions/3.259.0/bin", name));
    expect(homeFacts(join(folder, "home")).cli).toBeUndefined();
  });

  test("lacks a plugin whose download did not end, or that cannot be run", () => {
    completeHome();
    writeFileSync(join(folder, "home/plugins/resource-tls-v5.6.1.partial"), "");
    chmodSync(join(folder, "home/plugins/resource-docker-v5.2.0/pulumi-resource-docker"), 0o644);
    expect(homeFacts(join(folder, "home")).missingPlugins).toEqual(["docker 5.2.0", "tls 5.6.1"]);
  });
});

test("the project's own home in PULUMI_HOME is not the caller's choice", () => {
  expect(callerPulumiHome("/p", { PULUMI_HOME: "/p/.pulumi-home" })).toMatch(/\/\.pulumi$/);
  expect(callerPulumiHome("/p", { PULUMI_HOME: "/opt/pulumi" })).toBe("/opt/pulumi");
});

test("a CLI on PATH counts once, by the file behind its links, and only with the language host beside it", () => {
  const cli = executable("real/bin/pulumi");
  executable("real/bin/pulumi-language-nodejs");
  executable("launcher/pulumi");
  mkdirSync(join(folder, "links"));
  symlinkSync(cli, join(folder, "links/pulumi"));
  mkdirSync(join(folder, "toolchain/plugins"), { recursive: true });
  writeFileSync(join(folder, "toolchain/plugins/install.ts"), "");
  const PATH = ["launcher", "links", "real/bin", "absent"].map((name) => join(folder, name)).join(":");
  expect(gatherPulumiFacts(folder, { PATH, PULUMI_HOME: join(folder, "home") }).onPath).toEqual([cli]);
});
