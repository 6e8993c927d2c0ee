import { expect, test } from "vitest";
import { closingLine } from "../../../commands/test.ts";

const result = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 1, numFailedTestSuites: 0 };

test.each([
  ["all is well", result, 0, "3 passed, 0 failed, 2 skipped"],
  ["tests failed", { ...result, numFailedTests: 2, numFailedTestSuites: 1 }, 1, "3 passed, 2 failed, 2 skipped"],
  ["files could not be loaded", { ...result, numFailedTestSuites: 2 }, 1, "3 passed, 2 failed, 2 skipped"],
  ["vitest failed outside of any test", result, 1, "3 passed, 1 failed, 2 skipped"],
])("the closing line when %s", (_case, counts, exitCode, line) => {
  expect(closingLine(counts, exitCode)).toBe(line);
});
