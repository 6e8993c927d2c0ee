import { describe, expect, test } from "vitest";
import { drillPage } from "../../../../operations/drill/drillPage.ts";
import { renderDrill } from "../../../../operations/drill/renderDrill.ts";
import { drillResult, presentRows } from "./drillResult.ts";

describe("the table", () => {
  test("has the figures and the verdict", () => {
    const text = renderDrill(drillResult());
    expect(text).toMatch(/acknowledged +│ 80 \(8\/s\)/);
    expect(text).toMatch(/acknowledged and lost \(RPO\) +│ 0 /);
    expect(text).toMatch(/longest gap in writes \(RTO\) +│ 2\.10 s/);
    expect(text).toMatch(/whole again after the recovery +│ 1\.90 s/);
    expect(text).toContain("8 × pg-1: Connection terminated unexpectedly");
    expect(text).toContain("No acknowledged row is lost, and never did two nodes accept writes.");
    expect(text).not.toContain("✗");
  });

  test("says in capitals what is lost, and names some of it", () => {
    const text = renderDrill(drillResult(presentRows.slice(12)));
    expect(text).toMatch(/acknowledged and lost \(RPO\) +│ 12 {2}✗/);
    expect(text).toContain("12 ACKNOWLEDGED ROWS ARE LOST.");
    expect(text).toContain("client 0, row 1: acknowledged by pg-1 at 0.01 s");
    expect(text).toContain("and 2 more");
  });

  test("shows two primaries", () => {
    const accepted = [
      { node: "pg-2", timeline: 2, sentAt: 100, acknowledgedAt: 105 },
      { node: "pg-1", timeline: 1, sentAt: 9000, acknowledgedAt: 9001 },
    ];
    const text = renderDrill(drillResult(presentRows, { probes: { "pg-1": { accepted, refused: 0, unanswered: 0 } } }));
    expect(text).toContain("pg-1 (timeline 1) accepted a write that was sent 9.79 s after pg-2 (timeline 2)");
    expect(text).toContain("TWO NODES ACCEPTED WRITES.");
  });

  test("is not content with a cluster that stays broken", () => {
    const text = renderDrill(drillResult(presentRows, {}, { wholeAt: null, ok: false }));
    expect(text).toContain("THE CLUSTER IS NOT WHOLE AGAIN.");
  });
});

describe("the page", () => {
  const page = drillPage(drillResult());

  test("is one file: it loads nothing and runs nothing", () => {
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|\bsrc=|\bhref=|https?:/);
  });

  test("is for light and dark", () => {
    expect(page).toContain("prefers-color-scheme:dark");
  });

  test("shows throughput, its longest gap, and each standby's lag, each with the marks", () => {
    expect(page.match(/<svg/g)).toHaveLength(3);
    expect(page.match(/class="shaded"/g)).toHaveLength(1);
    expect(page.match(/<path class="mark"/g)).toHaveLength(3 * 2);
    expect(page).toContain('<span class="key-0"></span>pg-2 <span class="key-1"></span>pg-3');
    expect(page).toContain("longest gap: 2.10 s");
  });

  test("quotes what it shows", () => {
    expect(page).toContain("pg-1 is started &lt;again&gt;");
  });

  test("nests what it opens", () => {
    const open: string[] = [];
    for (const [, slash, name, rest] of page.matchAll(/<(\/?)([a-z0-9]+)([^>]*)>/g)) {
      if (slash === "/") expect(open.pop()).toBe(name);
      else if (!rest!.endsWith("/") && name !== "meta") open.push(name!);
    }
    expect(open).toEqual([]);
  });
});
