/** The value of synchronous_standby_names in the text of a runtime file; "" when it is empty or missing. */
export function synchronousStandbyNamesIn(runtime: string): string {
  const value = /^synchronous_standby_names = '((?:[^']|'')*)'$/m.exec(runtime)?.[1] ?? "";
  return value.replaceAll("''", "'");
}

/** Does a commit under `names` wait for fewer standbys than under `current`? */
export function isWeaker(names: string, current: string): boolean {
  return standbysWaitedFor(names) < standbysWaitedFor(current);
}

/** k of `ANY k (…)` and `FIRST k (…)`; 0 for "". */
function standbysWaitedFor(names: string): number {
  return Number(/^(?:ANY|FIRST) (\d+) /.exec(names)?.[1] ?? 0);
}
