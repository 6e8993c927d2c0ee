/** A table with its schema: names as PostgreSQL keeps them, neither folded nor quoted. */
export interface TableName {
  readonly schema: string;
  readonly name: string;
}

/** For `find` and its like: which of them is this table? */
export function isTable(table: TableName): (other: TableName) => boolean {
  return ({ schema, name }) => schema === table.schema && name === table.name;
}

/** A table as SQL writes it: quoted, with its schema. Also what names it in maps. */
export function qualified({ schema, name }: TableName): string {
  return `${quoted(schema)}.${quoted(name)}`;
}

/** An identifier as SQL writes it when nothing is to be folded. */
export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

/** A table as a reader wants it. */
export function shown({ schema, name }: TableName): string {
  return `${schema}.${name}`;
}
