/** What is allowed, and what to do, where a table has no replica identity. `table` as its name is shown. */
export function identityRemedy(table: string) {
  return {
    allowed: "tables with a primary key or another replica identity, or the operations insert and truncate only",
    remedy: `add a primary key to ${table} in a schema file, or \`alter table … replica identity using index …\` (unique, of NOT NULL columns), or \`… replica identity full\` (each update and delete then sends and searches the whole row)`,
  };
}
