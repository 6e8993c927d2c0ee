import { formatBytes } from "../formatBytes.ts";
import { formatCount } from "../formatCount.ts";

/** `1.2 MB 0.3 s`; of what isn't known, nothing. */
export function formatLag(bytes: number | null, seconds: number | null): string {
  const time = seconds === null ? "" : seconds === 0 ? " 0 s" : ` ${seconds.toFixed(seconds < 1 ? 3 : 1)} s`;
  return `${formatBytes(bytes)}${time}`.trim();
}

/** A whole number; with one digit after the point where there is little. */
export function formatRate(perSecond: number | null): string {
  if (perSecond === null) return "";
  return perSecond > 0 && perSecond < 10 ? perSecond.toFixed(1) : formatCount(perSecond);
}

/** The line above a view that is replaced in place. */
export function title({
  stack,
  mode,
  at,
}: {
  readonly stack: string;
  readonly mode: string;
  readonly at: string;
}): string {
  return `${stack} (${mode})  ${timeOfDay(at)}  Ctrl-C ends`;
}

/** `21:45:01`, in the zone of the machine. */
export function timeOfDay(iso: string): string {
  return new Date(iso).toLocaleTimeString("en-GB");
}
