import { findParameter, type Parameter, parameterNames } from "../../../../configs/catalogue/catalogue.ts";

/** A value to put before both PostgreSQL and our validation. */
export type Candidate = readonly [name: string, value: string];

const spellings = {
  bool: ["on", "off", "TRUE", "t", "of", "o", "y", "1", "2", "", "yess"],
  number: [
    ...[
      "0",
      "1",
      "-1",
      "+5",
      "1.5",
      "2.5",
      "0.5",
      "-0.5",
      ".5",
      "5.",
      "1e3",
      "1E2",
      "1e",
      "e3",
      "",
      "abc",
      "1 2",
      "1_000",
    ],
    ...["0x10", "010", "08", "2147483647", "2147483648", "-2147483649", "99999999999999999999", "inf", "nan"],
  ],
  memory: [
    "1B",
    "8192B",
    "100kB",
    "1KB",
    "1kb",
    "1MB",
    "1 MB",
    "1mb",
    "1M",
    "1.5MB",
    "0.3GB",
    "30.1GB",
    "1TB",
    "1 MB x",
    "1MBs",
    "0x10MB",
    "1e3kB",
    "3ms",
  ],
  time: [
    "1us",
    "700us",
    "1ms",
    "1500us",
    "1.5ms",
    "1s",
    "1 min",
    "1m",
    "1min",
    "1h",
    "1.5h",
    "0.1d",
    "1d",
    "25d",
    "1D",
    "1sec",
    "1kB",
  ],
};

/** One parameter of each type and unit is asked everything, the rest their limits. */
const askedEverything = new Set<string>();

/** Values at and around every limit, and every way of writing one, for PostgreSQL's whole catalogue. The same list at every run. */
export function candidates(): Candidate[] {
  askedEverything.clear();
  return parameterNames.flatMap((name) => {
    const parameter = findParameter(name) as Parameter;
    return parameter.context === "internal"
      ? []
      : [...new Set(values(parameter))].map((value) => [name, value] as const);
  });
}

function values(parameter: Parameter): string[] {
  switch (parameter.vartype) {
    case "bool":
      return first("bool") ? spellings.bool : ["on", "false", "nonsense"];
    case "enum":
      return [...parameter.enumvals, (parameter.enumvals[0] as string).toUpperCase(), "true", "0", "nonsense", ""];
    case "string":
      return [parameter.boot, "nonsense", ""].filter((value) => value !== null && value !== undefined);
    case "integer":
    case "real": {
      const { vartype, unit, min, max, boot } = parameter;
      const limits = [boot, min, max, String(Number(min) - 1), String(Number(max) + 1)];
      if (!first(`${vartype} ${unit}`)) return limits;
      const units = unit === undefined ? ["1kB", "1s"] : /B$/.test(unit) ? spellings.memory : spellings.time;
      return [...limits, ...spellings.number, ...units];
    }
  }
}

function first(kind: string): boolean {
  return !askedEverything.has(kind) && askedEverything.add(kind) !== undefined;
}
