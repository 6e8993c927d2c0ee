import type { Prepared } from "./prepare.ts";

/** Lines for `eval` in a POSIX shell. The passphrase itself is never printed: where the caller set it, it is set already. */
export function shellExports({ exports, path }: Pick<Prepared, "exports" | "path">): string {
  const lines = Object.entries(exports)
    .filter(([name]) => name !== "PULUMI_CONFIG_PASSPHRASE")
    .map(([name, value]) => `export ${name}=${quote(value)}`);
  return `${[...lines, `export PATH=${path.map((folder) => `${quote(folder)}:`).join("")}"$PATH"`].join("\n")}\n`;
}

const quote = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
