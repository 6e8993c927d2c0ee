import { InvalidArgumentError } from "commander";

/** An option's value that is a whole number from 1. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value === 0) {
    throw new InvalidArgumentError("It has to be a whole number from 1.");
  }
  return value;
}

/** An option's value that is a number above 0, not necessarily whole. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || value === 0) throw new InvalidArgumentError("It has to be a number above 0.");
  return value;
}
