/**
 * Writes a parameter's value for postgresql.conf. Bare where the file's grammar takes it bare (a number with or without
 * a unit, a simple word), else quoted. Inside quotes PostgreSQL reads backslash escapes, and a line break would end the value
 * (manual, "Setting Parameters: Parameter Interaction via the Configuration File").
 */
export function configurationValue(value: string): string {
  if (value.includes("\0")) throw new Error("A parameter's value cannot contain a NUL byte");
  return bare.test(value)
    ? value
    : `'${value.replace(/[\\'\b\f\n\r\t]/g, (character) => escapes[character] as string)}'`;
}

const bare = /^(?:-?\d+(?:\.\d+)?(?:B|kB|MB|GB|TB|us|ms|s|min|h|d)?|[a-z][a-z0-9_]*)$/;

const escapes: Readonly<Record<string, string>> = {
  "\\": "\\\\",
  "'": "''",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};
