import { roles } from "../roles.ts";
import { postgresPort } from "./paths.ts";

/** Passwords of the roles that one node uses against another. */
export interface NodePasswords {
  readonly replicator: string;
  readonly rewind: string;
}

/**
 * The nodes' `.pgpass` file: the passwords of `primary_conninfo`, `pg_basebackup` and `pg_rewind`, which are on no command line
 * and in no setting. Hosts are `*`, so that a node that joins does not rewrite every node's secrets; the certificates say who the host is.
 * Colons and backslashes are escaped (manual, "The Password File").
 */
export function renderPassfile(passwords: NodePasswords): string {
  return [roles.replicator, roles.rewind]
    .map((role) => `*:${postgresPort}:*:${role}:${passfileField(passwords[role])}\n`)
    .join("");
}

/** A password as it stands in a line of a password file. */
export function passfileField(password: string): string {
  if (password === "" || /[\0\n\r]/.test(password))
    throw new Error("A password is empty or holds a line break or NUL byte");
  return password.replace(/[:\\]/g, "\\$&");
}
