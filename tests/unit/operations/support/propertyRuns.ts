/**
 * Stories of a property test. The same ones each time, so that a failure has its cause in the change under test; with HUNT=n (`npm run
 * hunt`), n times as many that nobody has told yet.
 */
const hunt = process.env.HUNT;

/** Milliseconds; a second or two each on a machine that has nothing else to do, without a hunt. */
export const timeout = 60_000 * Number(hunt ?? 1);

export function runs(usually: number): { numRuns: number; seed?: number } {
  return hunt === undefined ? { numRuns: usually, seed: 17 } : { numRuns: usually * Number(hunt) };
}
