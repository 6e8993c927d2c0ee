const units: Record<string, number> = { ns: 1, us: 1e3, µs: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 };

/** A duration in Go's notation, such as `1m30s` or `500ms`, as nanoseconds. */
export function nanoseconds(text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (text !== "0" && (parts.length === 0 || parts.map(([part]) => part).join("") !== text)) {
    throw new Error(`${JSON.stringify(text)} is no duration; write it like 500ms, 30s, 1m30s`);
  }
  return Math.round(parts.reduce((sum, [, value, unit]) => sum + Number(value) * (units[unit as string] as number), 0));
}

/** Nanoseconds as Go writes them: `0s`, `500ms`, `1m30s`, `2h0m0s`. */
export function goDuration(value: number): string {
  if (value === 0) return "0s";
  if (value < 1e3) return `${value}ns`;
  if (value < 1e6) return `${value / 1e3}µs`;
  if (value < 1e9) return `${value / 1e6}ms`;
  const hours = Math.floor(value / 3600e9);
  const minutes = Math.floor((value % 3600e9) / 60e9);
  const seconds = (value % 60e9) / 1e9;
  return `${hours > 0 ? `${hours}h` : ""}${hours > 0 || minutes > 0 ? `${minutes}m` : ""}${seconds}s`;
}
