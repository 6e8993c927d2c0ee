import type { BaseUnit } from "./catalogue.ts";

/**
 * PostgreSQL's units, largest first, with what one of each is in the base unit (manual, "Parameter Names and Values"; the 8kB
 * unit counts blocks). Case matters.
 */
const memory = (bytesPerBaseUnit: number) => ({
  TB: 1024 ** 4 / bytesPerBaseUnit,
  GB: 1024 ** 3 / bytesPerBaseUnit,
  MB: 1024 ** 2 / bytesPerBaseUnit,
  kB: 1024 / bytesPerBaseUnit,
  B: 1 / bytesPerBaseUnit,
});

const time = (microsecondsPerBaseUnit: number) => ({
  d: 86_400_000_000 / microsecondsPerBaseUnit,
  h: 3_600_000_000 / microsecondsPerBaseUnit,
  min: 60_000_000 / microsecondsPerBaseUnit,
  s: 1_000_000 / microsecondsPerBaseUnit,
  ms: 1000 / microsecondsPerBaseUnit,
  us: 1 / microsecondsPerBaseUnit,
});

const unitTables: Readonly<Record<BaseUnit, Readonly<Record<string, number>>>> = {
  B: memory(1),
  kB: memory(1024),
  "8kB": memory(8192),
  MB: memory(1024 ** 2),
  ms: time(1000),
  s: time(1_000_000),
  min: time(60_000_000),
};

/** Units that a value may be written in, smallest first. */
export function unitsOf(base: BaseUnit): string[] {
  return Object.keys(unitTables[base]).reverse();
}

/**
 * A number in `unit` as a number of base units; undefined where there is no such unit. As in PostgreSQL, a fraction is rounded
 * to a whole number of the next smaller unit (30.1GB is 30822MB), the smallest unit's is kept.
 */
export function toBaseUnit(value: number, unit: string, base: BaseUnit): number | undefined {
  const table = Object.entries(unitTables[base]);
  const at = table.findIndex(([name]) => name === unit);
  const found = table[at];
  if (!found) return undefined;
  const converted = value * found[1];
  const smaller = table[at + 1];
  return smaller ? roundHalfToEven(converted / smaller[1]) * smaller[1] : converted;
}

/** A whole number of base units in the largest unit that divides it, as `SHOW` writes it. Zero and negative numbers stay bare. */
export function formatInUnit(value: number, base: BaseUnit): string {
  if (value <= 0) return String(value);
  for (const [unit, size] of Object.entries(unitTables[base])) {
    const count = value / size;
    if (Number.isSafeInteger(count)) return `${count}${unit}`;
  }
  throw new RangeError(`${value} is no whole number of ${base}`);
}

/** C's rint(): to the nearest integer, a half to the even one. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}
