/** Options of CREATE and ALTER SUBSCRIPTION that we set. */
export const subscriptionOptions =
  "streaming = parallel, disable_on_error = true, origin = none, binary = false, run_as_owner = false";

/** One more; ALTER SUBSCRIPTION takes it only where the subscription is disabled. */
export const failoverOption = "failover = true";

/** Columns of pg_subscription that hold these options. */
export const optionColumns = [
  "subbinary",
  "substream",
  "subdisableonerr",
  "suborigin",
  "subfailover",
  "subrunasowner",
] as const;

/** Those columns, as a JSON list, of a subscription that was made with these options. */
export const plannedOptions = '[false, "p", true, "none", true, false]';
