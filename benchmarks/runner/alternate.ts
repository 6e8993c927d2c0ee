import type { Contestant, Measure, Measurement } from "./measure.ts";
import type { World } from "./world.ts";

/**
 * Runs the contestants of a measure in turn (A B A B …), `runs` times each: whatever else the machine does in the meantime
 * meets all of them alike.
 */
export async function alternate(measure: Measure, world: World, runs: number): Promise<Measurement> {
  const { id, title, unit, targets } = measure;
  say(`${id}: ${title}`);
  const contestants = await measure.contestants(world);
  const figures = new Map<Contestant, number[]>(contestants.map((contestant) => [contestant, []]));
  for (let run = 1; run <= runs; run++) {
    for (const [contestant, taken] of figures) {
      const figure = await contestant.run();
      taken.push(figure);
      say(`  ${run}/${runs} ${contestant.name}: ${figure.toFixed(2)} ${unit}`);
    }
  }
  const results = [...figures].map(([{ name }, taken]) => ({ name, figures: taken }));
  return { id, title, unit, contestants: results, targets };
}

/** stdout is for the result. */
function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
