/** Options of CREATE and ALTER SUBSCRIPTION that we set. */
export const subscriptionOptions =
  "streaming = parallel, disable_on_error = true, origin = none, failover = true, binary = false, run_as_owner = false";

/** Columns of pg_subscription that hold these options. */
const optionColumns = [
  "subbinary",
  "substream",
  "subdisableonerr",
  "suborigin",
  "subfailover",
  "subrunasowner",
] as const;

/** Those columns, as a JSON list, of a subscription that was made with these options. */
export const plannedOptions = '[false, "p", true, "none", true, false]';

/** The options of a row of pg_subscription as text that compares. */
export function subscriptionOptionsOf(alias: string): string {
  return `jsonb_build_array(${optionColumns.map((column) => `${alias}.${column}`).join(", ")})::text`;
}
