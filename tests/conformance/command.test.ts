import { existsSync } from "node:fs";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stepOn, succeeded, ThrowAwayProject } from "./support/throwAwayProject.ts";

let project: ThrowAwayProject;

beforeAll(async () => {
  project = await ThrowAwayProject.create("command.ts");
});
afterAll(() => project?.[Symbol.asyncDispose]());

test("a preview runs nothing, and does not know what commands will print", async () => {
  const { changes, output } = succeeded(await project.preview("base"));
  expect(changes).toEqual({ create: 5 });
  expect(output).toContain("[unknown]");
  expect(existsSync(join(project.directory, "deleted"))).toBe(false);
});

test("create runs the command with its environment, stdin, folder and interpreter", async () => {
  succeeded(await project.up("base"));
  const { outputs } = (await project.outputs()) as { outputs: Record<string, string> };
  expect(outputs.all).toBe(`create plain canary-stdin\n${project.directory}`);
  expect(outputs.stderr).toBe("to stderr");
  expect(outputs.previous).toBe("previous=");
});

test("secret inputs stay secret in the state, and only those", async () => {
  const { text, resources } = await project.state();
  for (const canary of ["canary-in-map", "canary-whole-map"]) expect(text).not.toContain(canary);
  const all = resources.find(({ name }) => name === "all");
  expect(all?.outputs.environment).toMatchObject({ PLAIN: "plain", HIDDEN: { ciphertext: expect.any(String) } });
  expect(all?.outputs.stdin).toHaveProperty("ciphertext");
  // What a command prints is not secret by itself: `additionalSecretOutputs` makes it so.
  expect(all?.outputs.stdout).toContain("canary-stdin");
});

test("an up without edits changes nothing, after a refresh as well", async () => {
  expect(succeeded(await project.refresh()).changes).toEqual({ same: 5 });
  expect(succeeded(await project.up("base")).changes).toEqual({ same: 5 });
});

test("a changed multi-line value shows as a line diff, changed triggers as a replacement", async () => {
  const run = succeeded(await project.preview("changed", "--diff"));
  expect(run.output.replaceAll(/ +$/gm, "")).toMatch(
    /~ environment: \{\n\s+~ TEXT:\n\s+first\n\s+- second old\n\s+\+ second new\n\s+third\n/,
  );
  expect(run.output).not.toContain("canary");
  expect(stepOn(run, "all")).toMatchObject({ op: "update", diffs: ["environment"] });
  expect(stepOn(run, "triggered")).toMatchObject({ op: "replace", diffs: ["triggers"] });
  expect(stepOn(run, "triggered").detailedDiff).toMatchObject({
    "triggers[1].nested[0]": { diffKind: "update-replace" },
  });
  expect(stepOn(run, "previous")).toMatchObject({ op: "update", diffs: ["environment"] });
  expect(stepOn(run, "hidden").op).toBe("same");
});

test("update runs the update command with the earlier output; without one, create again", async () => {
  const before = (await project.state()).resources;
  const run = succeeded(await project.up("changed"));
  expect(run.changes).toMatchObject({ update: 2, replace: 1 });
  const { outputs } = (await project.outputs()) as { outputs: Record<string, string> };
  expect(outputs.all).toBe(`update plain after create plain canary-stdin\n${project.directory}`);
  expect(outputs.stderr).toBe("");
  expect(outputs.previous).toBe("previous=");
  const after = (await project.state()).resources;
  const id = (resources: typeof after, wanted: string) => resources.find(({ name }) => name === wanted)?.id;
  expect(id(after, "all")).toBe(id(before, "all"));
  expect(id(after, "triggered")).not.toBe(id(before, "triggered"));
});

test("up --target touches that resource alone", async () => {
  const target = "urn:pulumi:test::conformance::command:local:Command::previous";
  expect(succeeded(await project.up("base", "--target", target)).changes).toMatchObject({ update: 1 });
  expect(succeeded(await project.preview("base")).changes).toMatchObject({ update: 2, replace: 1 });
});

test("removal runs the delete command with the last output", async () => {
  succeeded(await project.up("empty"));
  expect(await readFile(join(project.directory, "deleted"), "utf8")).toMatch(/^delete plain after update plain after/);
});

test("a failed create is not recorded; the error repeats what was printed and the command line", async () => {
  const run = await project.up("bad");
  expect(run.code).not.toBe(0);
  const error = run.diagnostics.find(({ severity, urn }) => severity === "error" && urn?.endsWith("::failing"));
  expect(error?.message).toMatch(
    /exit status 3: running "echo \\"to stdout\\"; echo \\"the reason\\" >&2; exit \$FAIL"/,
  );
  expect(error?.message).toContain("to stdout\n");
  expect(error?.message).toContain("the reason\n");
  expect((await project.state()).resources.map(({ name }) => name)).not.toContain("failing");
});

test("a failed update keeps the old inputs, so the next up runs it again", async () => {
  expect(succeeded(await project.up("good")).changes).toMatchObject({ create: 1 });
  expect((await project.up("bad")).code).not.toBe(0);
  const recorded = (await project.state()).resources.find(({ name }) => name === "failing");
  expect(recorded?.inputs.environment).toEqual({ FAIL: "0" });
  expect(stepOn(await project.up("bad"), "failing").op).toBe("update");
  expect(succeeded(await project.up("good")).changes).toEqual({ same: 2 });
});

test("lines appear in the output of up while the command runs, as its logging says", async () => {
  await rm(join(project.directory, "go"), { force: true });
  const running = project.startUp("waiting");
  await running.seen(/line before/);
  await writeFile(join(project.directory, "go"), "");
  const run = succeeded(await running.ended);
  expect(run.output).toContain("line after");
  const shown = run.diagnostics.filter(({ urn }) => urn?.endsWith("::waiting"));
  expect(shown.map(({ message, severity, ephemeral }) => ({ message: message.trim(), severity, ephemeral }))).toEqual([
    { message: "line before", severity: "info", ephemeral: true },
    { message: "line after", severity: "info", ephemeral: true },
  ]);
});

test("Ctrl-C ends a running command, and does not record it", async () => {
  const running = project.startUp("endless");
  await running.seen(/started/);
  const pid = Number(await readFile(join(project.directory, "pid"), "utf8"));
  running.process.kill("SIGINT");
  const run = await running.ended;
  expect(run.code).not.toBe(0);
  await expect(gone(pid)).resolves.toBe(true);
  expect((await project.state()).resources.map(({ name }) => name)).not.toContain("endless");
});

test("a property that is not supported is refused by name, by the registry-only plugins", async () => {
  const run = await project.preview("unsupported");
  if (project.home.registryOnly) {
    expect(run.code).not.toBe(0);
    expect(run.output).toContain("command:local:Command resource 'unsupported'");
    expect(run.output).toContain('property "assetPaths" is not supported by the registry-only plugins');
  } else {
    succeeded(run);
  }
});

async function gone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await delay(100);
  }
  return false;
}
