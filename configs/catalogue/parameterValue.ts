import type { Parameter } from "./catalogue.ts";
import { parseInteger, parseReal } from "./number.ts";
import { formatInUnit, unitsOf } from "./units.ts";

/** Either the value as it goes into postgresql.conf, with its number in base units for numeric types, or what is wrong and allowed. */
export type ParameterValue =
  | { readonly text: string; readonly number?: number }
  | { readonly problem: string; readonly allowed: string };

/**
 * Reads a value as PostgreSQL's configuration file does, as far as `pg_settings` tells. Booleans and enums come back in PostgreSQL's own spelling,
 * numbers as they were written, so that a diff shows what the user changed.
 */
export function readParameterValue(parameter: Parameter, given: string): ParameterValue {
  switch (parameter.vartype) {
    case "bool":
      return readBool(given);
    case "enum":
      return readEnum(parameter.enumvals, given);
    case "integer":
    case "real":
      return readNumber(parameter, given.trim());
    case "string":
      return given.includes("\0") ? { problem: "holds a NUL byte", allowed: "any other text" } : { text: given };
    default: {
      const exhaustive: never = parameter;
      return exhaustive;
    }
  }
}

const booleans: readonly (readonly [word: RegExp, value: "on" | "off"])[] = [
  // Unambiguous beginnings count, as in PostgreSQL: "o" alone does not.
  [/^(?:on|t|tr|tru|true|y|ye|yes|1)$/i, "on"],
  [/^(?:of|off|f|fa|fal|fals|false|n|no|0)$/i, "off"],
];

function readBool(given: string): ParameterValue {
  const found = booleans.find(([word]) => word.test(given));
  return found
    ? { text: found[1] }
    : { problem: "is not a boolean", allowed: "on or off (true, false, yes, no, 1, 0)" };
}

/** Where `on` and `off` are among the words, PostgreSQL takes the other spellings of a boolean as well. */
function readEnum(words: readonly string[], given: string): ParameterValue {
  const boolean = /^(?:true|yes|1)$/i.test(given) ? "on" : /^(?:false|no|0)$/i.test(given) ? "off" : undefined;
  const text = words.find((word) => word.toLowerCase() === (boolean ?? given).toLowerCase());
  return text !== undefined ? { text } : { problem: "is none of the values", allowed: words.join(", ") };
}

function readNumber(parameter: Extract<Parameter, { vartype: "integer" | "real" }>, given: string): ParameterValue {
  const { vartype, unit, min, max } = parameter;
  const result = vartype === "integer" ? parseInteger(given, unit) : parseReal(given, unit);
  const allowed = allowedNumbers(parameter);
  if ("problem" in result) return { problem: result.problem, allowed };
  if (result.number < Number(min) || result.number > Number(max)) return { problem: "is out of range", allowed };
  return { text: given, number: result.number };
}

function allowedNumbers({ vartype, unit, min, max }: Extract<Parameter, { vartype: "integer" | "real" }>): string {
  const kind = vartype === "integer" ? "an integer" : "a number";
  if (unit === undefined) return `${kind} from ${min} to ${max}`;
  const limit = (text: string) =>
    Number.isSafeInteger(Number(text)) ? formatInUnit(Number(text), unit) : `${text}${unit}`;
  return `${kind} from ${limit(min)} to ${limit(max)}; units ${unitsOf(unit).join(", ")} (${unit} where none is written)`;
}
