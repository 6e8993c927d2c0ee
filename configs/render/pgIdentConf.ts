/** pg_ident.conf: no map is needed, `peer` admits the system's `postgres` as `postgres`. */
export function renderPgIdentConf(): string {
  return "# Written by postgres-cluster. No user name maps.\n";
}
