import { expect, test } from "vitest";
import { isOlder } from "../../../toolchain/pulumi/build.ts";

test.each([
  ["1.25.11", "1.25.11", false],
  ["1.26", "1.25.11", false],
  ["1.26.8", "1.25.11", false],
  ["1.25.9", "1.25.11", true],
  ["1.25", "1.25.11", true],
  ["1.19.8", "1.25.11", true],
  ["1.27-devel_abc", "1.25.11", false],
])("Go %s is older than %s: %s", (version, wanted, expected) => {
  expect(isOlder(version, wanted)).toBe(expected);
});
