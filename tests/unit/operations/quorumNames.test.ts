import { describe, expect, test } from "vitest";
import { runtimeText } from "../../../operations/desired.ts";
import { isWeaker, synchronousStandbyNamesIn } from "../../../operations/quorumNames.ts";
import { desiredOf } from "./support/desired.ts";

describe("synchronous_standby_names in a runtime file", () => {
  test.each(["any", "first"] as const)("method %s is read back as it was written", (method) => {
    const desired = desiredOf({ nodes: ["pg-1", "pg-2", "pg-3", "pg-4"], method, number: 2 });
    const { synchronousStandbyNames: names } = desired.plan;
    expect(synchronousStandbyNamesIn(runtimeText(desired, "pg-1", names))).toBe(names);
    expect(synchronousStandbyNamesIn(runtimeText(desired, "pg-1", ""))).toBe("");
  });

  test.each([
    ["no file", ""],
    ["another setting", "primary_conninfo = 'host=synchronous_standby_names'\n"],
    ["a comment", "# synchronous_standby_names = 'ANY 1 (a)'\n"],
  ])("%s has none", (_, text) => {
    expect(synchronousStandbyNamesIn(text)).toBe("");
  });

  test("quotes are undone", () => {
    expect(synchronousStandbyNamesIn(`synchronous_standby_names = 'ANY 1 ("o''brien")'\n`)).toBe(`ANY 1 ("o'brien")`);
  });
});

test.each([
  ["", "ANY 1 (a, b)", true],
  ["ANY 1 (a, b)", "ANY 2 (a, b)", true],
  ["ANY 9 (a)", "FIRST 10 (a)", true],
  ["ANY 1 (a, b)", "ANY 1 (a, b)", false],
  ["ANY 1 (a, b)", "FIRST 1 (a, b)", false],
  ["ANY 2 (a, b)", "ANY 1 (a, b)", false],
  ["ANY 1 (a, b)", "", false],
  ["", "", false],
])("is %j weaker than %j: %s", (names, current, weaker) => {
  expect(isWeaker(names, current)).toBe(weaker);
});
