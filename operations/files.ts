import { createHash } from "node:crypto";

/** Name of the environment variable that carries a file: `pg_hba.conf` → `PG_HBA_CONF`. */
export function environmentName(file: string): string {
  return file.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_");
}

/** Names one exact set of declared files (path → text): the first 16 hex digits of a SHA-256 over all of them. */
export function releaseOf(files: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  for (const path of Object.keys(files).sort()) hash.update(`${path}\0${files[path]}\0`);
  return hash.digest("hex").slice(0, 16);
}
