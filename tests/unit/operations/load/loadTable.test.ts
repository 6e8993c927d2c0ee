import { expect, test } from "vitest";
import { qualified } from "../../../../configs/tableName.ts";
import { parseTableName } from "../../../../operations/load/loadTable.ts";

test.each([
  ["load", '"public"."load"'],
  ["audit.load_2", '"audit"."load_2"'],
  ["select", '"public"."select"'],
])("--table %s is %s", (text, name) => {
  expect(qualified(parseTableName(text)!)).toBe(name);
});

test.each(["", "Load", "a.b.c", "a b", 'a"b', "1a", ".load", "public.", `a${"b".repeat(63)}`])(
  "--table %j is refused",
  (text) => {
    expect(parseTableName(text)).toBeUndefined();
  },
);
