import type { Measure, Measurement } from "./measure.ts";
import { say } from "./say.ts";

/**
 * Runs the contestants of a measure in turn (A B A B …), `runs` times each: whatever else the machine does in the meantime
 * meets all of them alike.
 */
export async function alternate<Arena>(measure: Measure<Arena>, arena: Arena, runs: number): Promise<Measurement> {
  const { id, title, unit, targets } = measure;
  say(`${id}: ${title}`);
  const contestants = await measure.contestants(arena);
  const taken = new Map<string, number[]>();
  for (let run = 1; run <= runs; run++) {
    for (const contestant of contestants) {
      for (const [name, figure] of Object.entries(await contestant.run())) {
        taken.set(name, [...(taken.get(name) ?? []), figure]);
        say(`  ${run}/${runs} ${name}: ${figure.toFixed(2)} ${unit}`);
      }
    }
  }
  const results = [...taken].map(([name, figures]) => ({ name, figures }));
  return { id, title, unit, contestants: results, targets };
}
