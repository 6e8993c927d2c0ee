import { realpath } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { succeeded, ThrowAwayProject } from "./support/throwAwayProject.ts";

let project: ThrowAwayProject;

beforeAll(async () => {
  project = await ThrowAwayProject.create("languageHost.ts");
  await project.setConfig("plain", "a: b");
  await project.setConfig("hidden", "canary-config", "--secret");
  await project.setConfig("other:object.list[0]", "1", "--path");
});
afterAll(() => project?.[Symbol.asyncDispose]());

test("a program knows its stack, its folder and its config", async () => {
  const run = succeeded(await project.up("base"));
  expect(run.output).not.toContain("canary-config");
  expect((await project.outputs()).outputs).toEqual({
    organization: "organization",
    project: "conformance",
    stack: "test",
    dryRun: false,
    plain: "a: b",
    hidden: "canary-config",
    object: { list: [1] },
    directory: await realpath(project.directory),
  });
  expect((await project.state()).text).not.toContain("canary-config");
});

test("what a program prints and logs is shown", async () => {
  const { diagnostics } = succeeded(await project.preview("prints"));
  const shown = (text: string) => diagnostics.find(({ message }) => message.includes(text))?.severity;
  expect([shown("to stdout"), shown("to stderr"), shown("a warning")]).toEqual(["info", "info#err", "warning"]);
});

test("an error of the program is shown once, and fails the run", async () => {
  const run = await project.preview("throws");
  expect(run.code).not.toBe(0);
  const errors = run.diagnostics.filter(({ severity }) => severity === "error");
  expect(errors.filter(({ message }) => message.includes("the program's own error"))).toHaveLength(1);
  expect(run.output).not.toContain("non-zero exit code");
});

test("an error for the user comes without a stack", async () => {
  const run = await project.preview("runError");
  expect(run.code).not.toBe(0);
  expect(run.output).toContain("an error without a stack");
  expect(run.output).not.toMatch(/^\s+at /m);
});

test("a program that exits by itself is reported with its exit code", async () => {
  const run = await project.preview("exits");
  expect(run.code).not.toBe(0);
  expect(run.output).toContain("Program exited with non-zero exit code: 7");
});

test("Ctrl-C ends a program that hangs", async () => {
  const running = project.startUp("hangs");
  await running.seen(/hanging/);
  running.process.kill("SIGINT");
  expect((await running.ended).code).not.toBe(0);
});
