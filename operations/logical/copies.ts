import type { Operation, PublishedTable } from "../../configs/spec.ts";

/** In place of a definition: since the copy, changes may have been missed. */
export const stale = "stale";

interface Definition {
  readonly columns: readonly string[] | null;
  readonly where: string | null;
  readonly operations: readonly Operation[];
}

/** By what the rows of a subscribed table are copied and kept up to date, as text that compares. */
export function tableDefinition({ columns, where }: PublishedTable, operations: readonly Operation[]): string {
  const definition: Definition = {
    columns: columns === undefined ? null : [...columns].sort(),
    where: where === undefined ? null : where.replace(/\s+/g, " ").trim(),
    operations,
  };
  return JSON.stringify(definition);
}

/**
 * Are rows that were copied by `recorded` other than those that `wanted` asks for? Not where only fewer operations are passed on from
 * now on: what is there by then is right.
 */
export function needsCopyAgain(recorded: string | undefined, wanted: string): boolean {
  if (recorded === wanted) return false;
  if (recorded === undefined || recorded === stale) return true;
  const [before, after] = [recorded, wanted].map((text) => JSON.parse(text) as Definition) as [Definition, Definition];
  const sameRows = before.where === after.where && JSON.stringify(before.columns) === JSON.stringify(after.columns);
  return !sameRows || after.operations.some((operation) => !before.operations.includes(operation));
}

/**
 * Name of the slot by which a table catches up once its rows are copied: pg_<subscription>_sync_<table>_<system identifier of the
 * subscriber>, see ReplicationSlotNameForTablesync in PostgreSQL's tablesync.c.
 */
export const copySlot = /^pg_\d+_sync_\d+_(\d+)$/;
