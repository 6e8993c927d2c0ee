/** The counts below `Resources:` at the end of Pulumi's output: `{ unchanged: 46 }`. */
export function resourceSummary(output: string): Record<string, number> {
  const [, block] = /^Resources:\n((?: {4}.*\n)+)/m.exec(output) ?? [];
  if (block === undefined) throw new Error(`no summary of resources in:\n${output}`);
  const counts = [...block.matchAll(/(\d+) (\w+)$/gm)].map(([, count, what]) => [what, Number(count)]);
  return Object.fromEntries(counts) as Record<string, number>;
}
