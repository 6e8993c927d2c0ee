import type { BaseUnit } from "./catalogue.ts";
import { roundHalfToEven, toBaseUnit, unitsOf } from "./units.ts";

/** Either the number, in base units, or what is wrong with the text. */
export type NumberResult = { readonly number: number } | { readonly problem: string };

/** Reads an integer parameter as PostgreSQL does: decimal, octal with a leading 0, hexadecimal, or a fraction that is rounded. */
export function parseInteger(text: string, unit: BaseUnit | undefined): NumberResult {
  const scanned = scanInteger(text) ?? scanDecimal(text);
  const result = withUnit(scanned, unit);
  if ("problem" in result) return result;
  const number = roundHalfToEven(result.number);
  if (number > 2147483647 || number < -2147483648) return { problem: "is larger than PostgreSQL's integers" };
  return { number };
}

/** Reads a floating-point parameter as PostgreSQL does. */
export function parseReal(text: string, unit: BaseUnit | undefined): NumberResult {
  return withUnit(scanDecimal(text), unit);
}

interface Scanned {
  readonly number: number;
  /** What follows the digits: a unit, or nothing. */
  readonly rest: string;
}

function withUnit(scanned: Scanned | undefined, base: BaseUnit | undefined): NumberResult {
  if (!scanned) return { problem: "is not a number" };
  const unit = scanned.rest.trim();
  if (unit === "") return { number: scanned.number };
  if (base === undefined) return { problem: `has "${unit}" after the number, and this parameter takes no unit` };
  const number = toBaseUnit(scanned.number, unit, base);
  if (number === undefined)
    return { problem: `has no unit "${unit}" (the units are ${unitsOf(base).join(", ")}; case matters)` };
  return { number };
}

/** The integer at the start of the text; undefined where it goes on as a fraction or with an exponent. */
function scanInteger(text: string): Scanned | undefined {
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text);
  if (!match) return undefined;
  const [all, sign, digits = ""] = match;
  const rest = text.slice(all.length);
  if (/^[.eE]/.test(rest)) return undefined;
  const octal = /^0[0-7]+$/.test(digits);
  const magnitude = octal ? Number.parseInt(digits, 8) : Number(digits);
  return { number: sign === "-" ? -magnitude : magnitude, rest };
}

/** The number at the start of the text as C's strtod() reads it, save for infinities and hexadecimal fractions. */
function scanDecimal(text: string): Scanned | undefined {
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(text);
  if (!match) return undefined;
  const [all, sign, digits] = match;
  const magnitude = Number(digits);
  return { number: sign === "-" ? -magnitude : magnitude, rest: text.slice(all.length) };
}
