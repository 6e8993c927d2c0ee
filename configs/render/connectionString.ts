/**
 * Writes a libpq connection string in keyword/value form, keywords in the order given. A value that is empty or holds a space,
 * a quote or a backslash is quoted (manual, "Connection Strings: Keyword/Value").
 */
export function connectionString(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([keyword, value]) => `${keyword}=${connectionValue(value)}`)
    .join(" ");
}

function connectionValue(value: string): string {
  if (value.includes("\0")) throw new Error("A connection parameter cannot contain a NUL byte");
  return /^[^\s'\\]+$/.test(value) ? value : `'${value.replace(/['\\]/g, "\\$&")}'`;
}
