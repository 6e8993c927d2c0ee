import { describe, expect, test } from "vitest";
import { chooseLoadTargets, type EndpointLook } from "../../../../operations/load/loadTargets.ts";

const primary = (node: string): EndpointLook => ({ node, inRecovery: false });
const standby = (node: string): EndpointLook => ({ node, inRecovery: true });
const silent = (node: string): EndpointLook => ({ node, error: "connect ECONNREFUSED" });
const plan = { stack: "test", primary: "pg-1" };
const choose = (looks: EndpointLook[], read: boolean) => chooseLoadTargets(plan, looks, read);

describe("a load goes", () => {
  test("to the node that accepts writes, whichever it is and however the others are", () => {
    expect(choose([standby("pg-1"), primary("pg-2"), silent("pg-3")], false)).toEqual({
      nodes: ["pg-2"],
      unreachable: [],
    });
  });

  test("with --read to every standby that answers, and tells of the others", () => {
    expect(choose([primary("pg-1"), standby("pg-2"), silent("pg-3"), standby("pg-4")], true)).toEqual({
      nodes: ["pg-2", "pg-4"],
      unreachable: [silent("pg-3")],
    });
  });
});

describe("in mode logical, where every node accepts writes, a load goes", () => {
  const logical = { initialCopy: "copy", schemaFiles: [], publications: [], subscriptions: [] } as const;
  const looks = [primary("pg-1"), primary("pg-2"), silent("pg-3")];

  test("to the publisher", () => {
    expect(chooseLoadTargets({ ...plan, logical }, looks, false)).toEqual({ nodes: ["pg-1"], unreachable: [] });
  });

  test("with --read to every subscriber that answers", () => {
    expect(chooseLoadTargets({ ...plan, logical }, looks, true)).toEqual({
      nodes: ["pg-2"],
      unreachable: [silent("pg-3")],
    });
  });
});

describe("a load is refused", () => {
  test("when no node accepts writes", () => {
    expect(() => choose([silent("pg-1"), standby("pg-2")], false)).toThrow(
      "No node accepts writes:\n  pg-1: connect ECONNREFUSED\n  pg-2: standby\nSee npm run status -- --stack test.",
    );
  });

  test("when two do: which of them has the acknowledged rows?", () => {
    expect(() => choose([primary("pg-1"), primary("pg-2")], false)).toThrow(
      "More than one node accepts writes: pg-1, pg-2",
    );
  });

  test("when there is no standby to read from", () => {
    expect(() => choose([primary("pg-1"), silent("pg-2")], true)).toThrow("No standby answers on its published port");
  });
});
