/** `min 512, median 640, max 900 ms`. */
export function figures(milliseconds: readonly number[]): string {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
  return `min ${sorted[0]}, median ${median}, max ${sorted.at(-1)} ms`;
}
