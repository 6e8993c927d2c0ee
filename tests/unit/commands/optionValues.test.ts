import { expect, test } from "vitest";
import { positiveNumber, wholeNumber } from "../../../commands/optionValues.ts";

test.each([
  ["1", 1],
  ["10000", 10_000],
])("%s is a whole number", (text, value) => expect(wholeNumber(text)).toBe(value));

test.each(["0", "-1", "1.5", "1e3", "", "ten", "99999999999999999999"])("%j is no whole number from 1", (text) => {
  expect(() => wholeNumber(text)).toThrow("whole number");
});

test.each([
  ["0.5", 0.5],
  [".5", 0.5],
  ["12", 12],
])("%s is above 0", (text, value) => expect(positiveNumber(text)).toBe(value));

test.each(["0", "0.0", "-1", "1e3", "", "Infinity", "NaN"])("%j is no number above 0", (text) => {
  expect(() => positiveNumber(text)).toThrow("above 0");
});
