/** Options of CREATE and ALTER SUBSCRIPTION that we set. */
export const subscriptionOptions = "streaming = parallel, disable_on_error = true, origin = none, failover = true";

/** Columns of pg_subscription that hold these options, and others that change what a subscription does. */
export const optionColumns = [
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
