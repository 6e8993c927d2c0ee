import { until } from "../../../operations/until.ts";

/** Waits until a condition holds that the tests have brought about and that takes PostgreSQL or Docker a moment. */
export function eventually(what: string, holds: () => Promise<boolean>, timeout = 60_000): Promise<true> {
  return until(async () => ((await holds()) ? true : undefined), {
    timeout,
    interval: 50,
    onTimeout: () => new Error(`not within ${timeout / 1000} s: ${what}`),
  });
}
