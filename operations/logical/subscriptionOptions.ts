/** Options of CREATE and ALTER SUBSCRIPTION that we set. */
export const subscriptionOptions = "streaming = parallel, disable_on_error = true, origin = none, failover = true";

/** Columns of pg_subscription that hold these options, and others that change what a subscription does. */
const optionColumns = [
  "subbinary",
  "substream",
  "subtwophasestate",
  "subdisableonerr",
  "suborigin",
  "subfailover",
  "subrunasowner",
] as const;

/** Those columns, as a JSON list, of a subscription that was made with these options. */
export const plannedOptions = '[false, "p", "d", true, "none", true, false]';

/** The options of a row of pg_subscription as text that compares. */
export function subscriptionOptionsOf(alias: string): string {
  return `jsonb_build_array(${optionColumns.map((column) => `${alias}.${column}`).join(", ")})::text`;
}
