import fc from "fast-check";
import { test, vi } from "vitest";
import { start } from "./support/arbitraries.ts";
import { brokenPromises, differencesFromPlan, unsafe } from "./support/world/promises.ts";
import { up } from "./support/world/up.ts";
import { copyWorld } from "./support/world/world.ts";

vi.mock("../../../operations/scram.ts", () => ({
  scramVerifier: (password: string) => `verifier of ${password}`,
  matchesVerifier: (password: string, stored: string) => stored === `verifier of ${password}`,
}));
test("explore", { timeout: 60000 }, () => {
  const found = new Map<string, { count: number; example: string; size: number }>();
  for (const value of fc.sample(start, { numRuns: 3000, seed: Number(process.env.SEED ?? 7) })) {
    const { desired, world } = value;
    const why = unsafe(desired, world);
    const begin = copyWorld(world);
    const keys: string[] = [];
    let last = copyWorld(world);
    const acts: string[] = [];
    const outcome = up(world, desired, {
      watch: (done) => {
        acts.push(done);
        for (const b of brokenPromises(desired, last, world)) keys.push(`BROKEN ${b} at ${done}`);
        last = copyWorld(world);
      },
    });
    const now = (n: string) => Number(/max_connections = (\d+)/.exec(desired.nodes[n]!.files["postgresql.conf"]!)![1]);
    const some = (f: (n: (typeof begin.nodes)[string]) => unknown) => Object.values(begin.nodes).some(f);
    const flags = [
      begin.nodes[desired.plan.primary]!.hold ? "primary held" : "",
      some((n) => n.name !== desired.plan.primary && n.data && n.data.maxConnections > now(n.name)) ? "lower" : "",
      some((n) => n.server && n.server.maxConnections > now(n.name)) ? "lower in force" : "",
      some((n) => n.current && n.releaseDirectories[n.current]!["stray.conf"]) ? "stray" : "",
      some((n) => n.data?.behind) ? "lost slot" : "",
    ]
      .filter(Boolean)
      .join("+");
    if (!(outcome.end === "refused" && why !== undefined)) {
      const rest = outcome.end === "done" ? differencesFromPlan(desired, world).slice(0, 1) : outcome.reason;
      if (!(outcome.end === "done" && rest.length === 0 && why === undefined))
        keys.push(`${flags} | ${why ?? "safe"}: ${outcome.end} ${rest}`);
    }
    for (const k of keys) {
      const key = k
        .replaceAll(/\b(pg-\d+|a|east-10)\b/g, "N")
        .replaceAll(/\{.*?\}/g, "{}")
        .replaceAll(/\d+/g, "#")
        .replaceAll("\n", " ")
        .slice(0, 160);
      const example = JSON.stringify(
        { acts, plan: desired.plan.synchronousStandbyNames, primary: desired.plan.primary, begin: begin.nodes },
        (k, v) =>
          k === "releaseDirectories" || k === "files" || k === "roles" ? undefined : v instanceof Set ? [...v] : v,
      );
      const old = found.get(key);
      found.set(
        key,
        old === undefined || old.size > example.length
          ? { count: (old?.count ?? 0) + 1, example, size: example.length }
          : { ...old, count: old.count + 1 },
      );
    }
  }
  for (const [key, { count, example }] of [...found].sort((a, b) => (a[0] < b[0] ? -1 : 1)))
    console.log(`@@${count} ${key}\n      ${example.slice(0, 9000)}`);
});
