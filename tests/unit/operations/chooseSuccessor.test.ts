import { describe, expect, test } from "vitest";
import { chooseSuccessor } from "../../../operations/failover/chooseSuccessor.ts";
import type { ObservedNode } from "../../../operations/observed.ts";
import { desiredOf } from "./support/desired.ts";
import { quietServer } from "./support/quietServer.ts";

const dead: ObservedNode = { name: "pg-1", container: "stopped" };

function standby(name: string, flushLsn: string, timeline = 1): ObservedNode {
  return { name, container: "running", server: { ...quietServer, inRecovery: true, timeline, flushLsn } as never };
}

function gone(name: string): ObservedNode {
  return { name, container: "stopped" };
}

function choose(nodes: readonly ObservedNode[], to?: string, number = 1, mode: "quorum" | "async" = "quorum") {
  const names = ["pg-1", ...nodes.map(({ name }) => name)];
  const { plan } = desiredOf({ mode, number, nodes: names, primary: "pg-1" });
  return chooseSuccessor(plan, { nodes: [dead, ...nodes] }, "pg-1", to);
}

describe("the successor", () => {
  test("is who has received most", () => {
    const found = choose([standby("pg-2", "0/9000000"), standby("pg-3", "0/A000000"), standby("pg-4", "0/1")]);
    expect(found).toEqual({ successor: "pg-3", followers: ["pg-2", "pg-4"], received: "0/A000000" });
  });

  test("is on the latest timeline: an earlier run has promoted it", () => {
    const promoted = standby("pg-2", "0/1", 2);
    expect(
      choose([{ ...promoted, server: { ...promoted.server!, inRecovery: false } }, standby("pg-3", "0/2")]),
    ).toMatchObject({
      successor: "pg-2",
    });
  });

  test("may be chosen among equals, and not otherwise", () => {
    const equals = [standby("pg-2", "1/0"), standby("pg-3", "1/0")];
    expect(choose(equals, "pg-3").successor).toBe("pg-3");
    expect(() => choose([standby("pg-2", "0/FFFFFFFF"), standby("pg-3", "1/0")], "pg-2")).toThrow(
      /pg-2 has received less \(0\/FFFFFFFF\) than pg-3 \(1\/0\)/,
    );
  });

  test.each([
    ["pg-1", /pg-1 is no standby of this stack\. Its standbys: pg-2, pg-3/],
    ["pg-9", /pg-9 is no standby/],
    ["pg-3", /pg-3 can't be promoted: its container is stopped/],
  ])("can't be %s", (to, reason) => {
    expect(() => choose([standby("pg-2", "1/0"), gone("pg-3")], to)).toThrow(reason);
  });

  test("is missing where no standby can be seen", () => {
    expect(() => choose([gone("pg-2"), gone("pg-3")])).toThrow(
      /No standby can be promoted:\n {2}pg-2: its container is stopped\n {2}pg-3/,
    );
  });
});

describe("an acknowledged row", () => {
  const seen = [standby("pg-2", "1/0"), standby("pg-3", "1/0"), standby("pg-4", "1/0"), standby("pg-5", "1/0")];

  test.each([1, 2, 3])("is on one of those that can be seen when all but %i - 1 can", (number) => {
    const missing = number - 1;
    const nodes = seen.map((node, index) => (index < missing ? gone(node.name) : node));
    expect(choose(nodes, undefined, number).mayLose).toBeUndefined();
  });

  test.each([1, 2, 3])("may be missing when %i can't be seen, as many as commits wait for", (number) => {
    const nodes = seen.map((node, index) => (index < number ? gone(node.name) : node));
    expect(choose(nodes, undefined, number).mayLose).toMatch(new RegExp(`commits wait for ${number} of 4 standbys`));
  });

  test("may be missing in mode async, however many can be seen", () => {
    expect(choose(seen, undefined, 1, "async").mayLose).toMatch(/in mode async pg-1/);
  });

  test("may be missing where the quorum was not on", () => {
    const { plan } = desiredOf({ nodes: ["pg-1", "pg-2", "pg-3"], primary: "pg-1" });
    const off = {
      fileHashes: {},
      configurationChangedAt: 0,
      directories: [],
      freeBytes: 0,
      runtime: "synchronous_standby_names = ''",
    };
    const nodes = [{ ...dead, volumes: off }, standby("pg-2", "1/0"), standby("pg-3", "1/0")];
    expect(chooseSuccessor(plan, { nodes }, "pg-1").mayLose).toMatch(/the quorum was not switched on/);
  });
});
