import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BaseUnit } from "../../../configs/catalogue/catalogue.ts";
import { parseInteger, parseReal } from "../../../configs/catalogue/number.ts";
import { formatInUnit, roundHalfToEven, toBaseUnit, unitsOf } from "../../../configs/catalogue/units.ts";

const baseUnit = fc.constantFrom<BaseUnit>("B", "kB", "8kB", "MB", "ms", "s", "min");
const integer = fc.integer({ min: 1, max: 2147483647 });

describe("units", () => {
  test("what is formatted is read back as the same number", () => {
    fc.assert(
      fc.property(baseUnit, integer, (unit, value) => {
        expect(parseInteger(formatInUnit(value, unit), unit)).toEqual({ number: value });
        expect(parseReal(formatInUnit(value, unit), unit)).toEqual({ number: value });
      }),
    );
  });

  test("a bare number is a number of base units, with any blanks around the unit", () => {
    fc.assert(
      fc.property(baseUnit, integer, (unit, value) => {
        expect(parseInteger(String(value), unit)).toEqual({ number: value });
        expect(parseInteger(String(-value), unit)).toEqual({ number: -value });
        expect(parseInteger(` ${formatInUnit(value, unit).replace(/(?<=\d)(?=\D)/, " \t")} `, unit)).toEqual({
          number: value,
        });
      }),
    );
  });

  test.each<[BaseUnit, Record<string, number>]>([
    ["B", { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 }],
    ["8kB", { B: 1 / 8192, kB: 1 / 8, MB: 128, GB: 131072, TB: 134217728 }],
    ["ms", { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 }],
  ])("the units of %s are PostgreSQL's", (base, sizes) => {
    expect(Object.fromEntries(unitsOf(base).map((unit) => [unit, toBaseUnit(1, unit, base)]))).toEqual(sizes);
  });

  test("an unknown unit is none", () => {
    fc.assert(
      fc.property(baseUnit, fc.stringMatching(/^[a-zA-Z]{1,4}$/), (base, unit) => {
        fc.pre(!unitsOf(base).includes(unit));
        expect(toBaseUnit(1, unit, base)).toBeUndefined();
      }),
    );
  });

  test.each<[number, string, BaseUnit, number]>([
    // The manual's own example: a fraction is rounded to the next smaller unit.
    [30.1, "GB", "MB", 30822],
    [30.1, "GB", "8kB", 3945216],
    [1.5, "kB", "B", 1536],
    [1, "B", "kB", 1 / 1024],
    [0.1, "d", "min", 120],
    [1.5, "us", "ms", 0.0015],
  ])("%d%s in %s is %d", (value, unit, base, expected) => {
    expect(toBaseUnit(value, unit, base)).toBeCloseTo(expected, 12);
  });

  test("a half is rounded to the even neighbour, as C's rint() does", () => {
    expect([-1.5, -0.5, 0.5, 1.5, 2.5, 2.4, 2.6].map(roundHalfToEven)).toEqual([-2, 0, 0, 2, 2, 2, 3]);
  });
});

describe("integers", () => {
  test.each([
    ["0x10", 16],
    ["010", 8],
    [".5", 0],
    ["5.", 5],
    ["1e3", 1000],
    ["-1", -1],
    ["+7", 7],
  ])("%s is %d", (text, number) => {
    expect(parseInteger(text, undefined)).toEqual({ number });
  });

  test.each(["", "abc", "08", "1e", "1 2", "1kB", "2147483648", "nan", "inf", "1_000"])("%j is none", (text) => {
    expect(parseInteger(text, undefined)).toHaveProperty("problem");
  });
});
