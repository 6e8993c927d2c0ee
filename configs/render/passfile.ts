import { roles } from "../roles.ts";
import { postgresPort } from "./paths.ts";

/** Passwords of the roles that one node uses against another. */
export interface NodePasswords {
  readonly replicator: string;
  readonly rewind: string;
  /** Of a subscriber alone: its own role on the publisher. */
  readonly subscriber?: { readonly role: string; readonly password: string };
}

/**
 * A node's `.pgpass` file: the passwords of `primary_conninfo`, `pg_basebackup`, `pg_rewind` and the node's subscription, which are on no command line
 * and in no setting. Hosts are `*`, so that a node that joins does not rewrite every node's secrets; the certificates say who the host is.
 * Colons and backslashes are escaped (manual, "The Password File").
 */
export function renderPassfile({ replicator, rewind, subscriber }: NodePasswords): string {
  const entries = [
    { role: roles.replicator, password: replicator },
    { role: roles.rewind, password: rewind },
    ...(subscriber ? [subscriber] : []),
  ];
  return entries
    .map(({ role, password }) => `*:${postgresPort}:*:${passfileField(role)}:${passfileField(password)}\n`)
    .join("");
}

/** A role or a password as it stands in a line of a password file. */
export function passfileField(text: string): string {
  if (text === "" || /[\0\n\r]/.test(text))
    throw new Error("A role or password is empty or holds a line break or NUL byte");
  return text.replace(/[:\\]/g, "\\$&");
}
