import { expect, test } from "vitest";
import { withValue } from "../../../configs/editStackConfig.ts";

const text = `# A stack.
config:
  postgres-cluster:nodes: [ { name: pg-1, port: 1 },   { name: "pg-2", port: 2 } ] # kept as written
  postgres-cluster:primary: "pg-1"   # the first
encryptionsalt: v1:x
`;

test("only the value is changed", () => {
  expect(withValue("test", text, "primary", "pg-2")).toBe(text.replace('"pg-1"   #', "pg-2   #"));
});

test.each(["", "config: 3", "config: [", "config: { postgres-cluster:nodes: [] }"])("%j is refused", (wrong) => {
  expect(() => withValue("test", wrong, "primary", "pg-2")).toThrow(/configs\/Pulumi\.test\.yaml was not changed/);
});
