import { describe, expect, test } from "vitest";
import { renderReport, reportOn } from "../../../operations/report.ts";
import { summarise } from "../../../operations/verificationSummary.ts";
import { checksFor } from "../../../operations/verify/checks.ts";
import { type Fault, healthy, server } from "./support/evidence.ts";

function report(fault: Fault = (evidence) => evidence) {
  const evidence = fault(healthy());
  const findings = checksFor("quorum").flatMap(({ id, examine }) =>
    examine(evidence).map((each) => ({ check: id, ...each })),
  );
  const time = { startedAt: Date.parse("2026-01-01T12:00:00Z"), milliseconds: 321 };
  return reportOn(evidence.desired.plan, evidence.observed, findings, time);
}

const paused = server("pg-3", { replayPaused: true });

describe("the report of a verification", () => {
  test("is plain data: what was found, when, and the state of every node", () => {
    const found = report();
    expect(JSON.parse(JSON.stringify(found))).toEqual(found);
    expect(found).toMatchObject({
      stack: "test",
      mode: "quorum",
      ok: true,
      startedAt: "2026-01-01T12:00:00.000Z",
      milliseconds: 321,
    });
    expect(found.nodes.map(({ node }) => node)).toEqual(["pg-1", "pg-2", "pg-3"]);
  });

  test("is not ok when a single finding is not", () => {
    expect(report(paused).ok).toBe(false);
  });

  test("holds no password, no verifier and no key", () => {
    const evidence = healthy();
    const { subscribers, ...passwords } = evidence.desired.passwords;
    const secrets = [
      ...Object.values(passwords),
      ...Object.values(subscribers),
      ...evidence.observed.nodes.flatMap(({ server }) => server!.roles.flatMap(({ password }) => password ?? [])),
    ];
    const shown = [
      JSON.stringify(report(paused)),
      renderReport(report(paused)),
      JSON.stringify(summarise(report(paused))),
    ];
    for (const text of shown) for (const secret of secrets) expect(text).not.toContain(secret);
  });
});

describe("the report for people", () => {
  test("names every check, and ends with the verdict", () => {
    const text = renderReport(report());
    for (const { check } of report().findings) expect(text).toContain(check);
    expect(text).toMatch(/verified/);
    expect(text).not.toMatch(/NOT verified|FAIL/);
  });

  test("says of each failure where it is, what it is, and what to do", () => {
    const text = renderReport(report(paused));
    expect(text).toMatch(/NOT verified/);
    expect(text).toMatch(/replay: pg-3: replay is paused/);
    expect(text).toMatch(/what to do: SELECT pg_wal_replay_resume\(\)/);
  });

  test("says once what holds for several nodes", () => {
    const text = renderReport(report());
    expect(text.match(/the server runs with the rendered configuration/g)).toHaveLength(1);
  });
});

describe("the summary in the stack's output", () => {
  test("has a line a node and a line a check", () => {
    const { nodes, checks: found, ok } = summarise(report(paused));
    expect(ok).toBe(false);
    expect(nodes).toMatchObject({
      "pg-1": expect.stringMatching(/primary.*timeline 1/),
      "pg-2": expect.stringMatching(/standby.*streaming.*quorum/),
    });
    expect(Object.keys(found)).toEqual([...new Set(report().findings.map(({ check }) => check))]);
    expect(found.replay).toMatch(/pg-3: replay is paused/);
  });
});
