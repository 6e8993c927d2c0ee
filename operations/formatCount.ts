/** A whole number, its digits in groups of three. */
export const formatCount = (value: number): string => Math.round(value).toLocaleString("en-US");
