import type { IndexStmt, Node, RangeVar, RenameStmt } from "libpg-query";
import { qualified, type TableName } from "../tableName.ts";
import { alterTable, renameKey, withoutKeys } from "./alterTable.ts";
import { createTable, persistenceOf } from "./createTable.ts";
import type { Relation } from "./relation.ts";
import { kindOf, texts, walk } from "./walk.ts";

/**
 * What a sequence of statements leaves in an empty database, as far as it decides what can be published. What cannot be followed makes
 * a relation opaque, or the catalogue incomplete: nothing is said of them then, and the database itself is asked later.
 */
export class SchemaCatalogue {
  #complete = true;
  readonly #schemas = new Set(["public"]);
  readonly #relations = new Map<string, Relation>();
  /** Where a name without a schema belongs. */
  #schema = "public";

  /** Are all schemas and tables known? Not after a statement that may create some by itself: a function's, an extension's. */
  get complete(): boolean {
    return this.#complete;
  }

  get schemas(): readonly string[] {
    return [...this.#schemas];
  }

  get relations(): readonly Relation[] {
    return [...this.#relations.values()];
  }

  find(name: TableName): Relation | undefined {
    return this.#relations.get(qualified(name));
  }

  /** Each file is applied in a session of its own. */
  beginFile(): void {
    this.#schema = "public";
  }

  apply(node: Node): void {
    if ("CreateStmt" in node) {
      const name = this.nameOf(node.CreateStmt.relation);
      if (this.find(name) === undefined) this.#put(createTable(node.CreateStmt, name));
    } else if ("AlterTableStmt" in node) {
      for (const each of node.AlterTableStmt.cmds ?? []) {
        if ("AlterTableCmd" in each)
          this.#change(node.AlterTableStmt.relation, (table) => alterTable(table, each.AlterTableCmd));
      }
    } else if ("IndexStmt" in node) {
      this.#change(node.IndexStmt.relation, (table) => withIndex(table, node.IndexStmt));
    } else if ("RenameStmt" in node) {
      this.#rename(node.RenameStmt);
    } else if ("DropStmt" in node) {
      for (const object of node.DropStmt.objects ?? []) this.#drop(node.DropStmt.removeType ?? "", namesOf(object));
    } else if ("AlterObjectSchemaStmt" in node) {
      const { relation, newschema = "" } = node.AlterObjectSchemaStmt;
      if (relation) this.#change(relation, (table) => ({ ...table, schema: newschema }));
    } else if ("CreateSchemaStmt" in node) {
      this.#createSchema(node.CreateSchemaStmt.schemaname, node.CreateSchemaStmt.schemaElts);
    } else if ("ViewStmt" in node) {
      this.#putOther("view", node.ViewStmt.view);
    } else if ("CreateTableAsStmt" in node) {
      const kind = node.CreateTableAsStmt.objtype === "OBJECT_MATVIEW" ? "materialized view" : "table";
      this.#putOther(kind, node.CreateTableAsStmt.into?.rel);
    } else if ("CreateForeignTableStmt" in node) {
      this.#putOther("foreign table", node.CreateForeignTableStmt.base?.relation);
    } else if ("SelectStmt" in node && node.SelectStmt.intoClause) {
      this.#putOther("table", node.SelectStmt.intoClause.rel);
    } else if ("VariableSetStmt" in node) {
      this.#setVariable(node.VariableSetStmt.name, node.VariableSetStmt.args);
    } else if ("CreateExtensionStmt" in node) {
      this.#complete = false;
    } else if (!withoutEffect.has(kindOf(node)) && !isPlainQuery(node)) {
      this.loseTrack();
    }
  }

  /** Something ran that cannot be followed, and may have created, changed or dropped anything. */
  loseTrack(): void {
    this.#complete = false;
    for (const each of this.relations) this.#put({ ...each, opaque: true });
  }

  /** The full name of a relation as a statement names it now. */
  nameOf(relation: RangeVar | undefined): TableName {
    return { schema: relation?.schemaname ?? this.#schema, name: relation?.relname ?? "" };
  }

  #put(relation: Relation): void {
    this.#relations.set(qualified(relation), relation);
  }

  /** What it holds is not followed. */
  #putOther(kind: Relation["kind"], relation: RangeVar | undefined): void {
    const persistence = persistenceOf(relation?.relpersistence);
    const unknown = { columns: new Map(), keys: new Map(), identity: "primaryKey", opaque: true } as const;
    this.#put({ ...this.nameOf(relation), kind, persistence, ...unknown });
  }

  #change(relation: RangeVar | undefined, change: (before: Relation) => Relation): void {
    const before = this.find(this.nameOf(relation));
    if (before === undefined) return;
    this.#relations.delete(qualified(before));
    this.#put(change(before));
  }

  #rename({ renameType, relation, subname = "", newname = "" }: RenameStmt): void {
    if (renameType === "OBJECT_SCHEMA") {
      const inside = this.relations.filter(({ schema }) => schema === subname);
      for (const each of inside) this.#relations.delete(qualified(each));
      for (const each of inside) this.#put({ ...each, schema: newname });
      this.#schemas.delete(subname);
      this.#schemas.add(newname);
    } else if (renameType === "OBJECT_COLUMN") {
      this.#change(relation, (table) => renameColumn(table, subname, newname));
    } else if (renameType === "OBJECT_TABCONSTRAINT") {
      this.#change(relation, (table) => renameKey(table, subname, newname));
    } else if (renameType === "OBJECT_INDEX") {
      const index = this.nameOf(relation);
      this.#changeOwnerOf(index, (table) => renameKey(table, index.name, newname));
    } else if (relationType.test(renameType ?? "")) {
      this.#change(relation, (table) => ({ ...table, name: newname }));
    }
  }

  #drop(removeType: string, names: readonly string[]): void {
    const name = names.at(-1) ?? "";
    const schema = names.at(-2) ?? this.#schema;
    if (relationType.test(removeType)) this.#relations.delete(qualified({ schema, name }));
    if (removeType === "OBJECT_INDEX") {
      this.#changeOwnerOf({ schema, name }, (table) => withoutKeys(table, (index) => index === name));
    }
    if (removeType !== "OBJECT_SCHEMA") return;
    this.#schemas.delete(name);
    for (const each of this.relations) if (each.schema === name) this.#relations.delete(qualified(each));
  }

  /** An index is in the schema of its table. */
  #changeOwnerOf(index: TableName, change: (before: Relation) => Relation): void {
    const owner = this.relations.find(({ schema, keys }) => schema === index.schema && keys.has(index.name));
    if (owner) this.#put(change(owner));
  }

  #createSchema(name: string | undefined, elements: readonly Node[] = []): void {
    // CREATE SCHEMA AUTHORIZATION takes the role's name.
    if (name === undefined) {
      this.#complete = false;
      return;
    }
    this.#schemas.add(name);
    const outer = this.#schema;
    this.#schema = name;
    for (const element of elements) this.apply(element);
    this.#schema = outer;
  }

  #setVariable(name: string | undefined, args: readonly Node[] = []): void {
    if (name !== "search_path") return;
    const [first] = args;
    const schema = first && "A_Const" in first ? first.A_Const.sval?.sval : undefined;
    this.#schema = schema ?? "public";
  }
}

const relationType = /^OBJECT_(?:TABLE|VIEW|MATVIEW|FOREIGN_TABLE)$/;

function namesOf(object: Node): string[] {
  if ("String" in object) return texts([object]);
  return "List" in object ? texts(object.List.items) : [];
}

function withIndex(table: Relation, { idxname, indexParams = [], unique, whereClause }: IndexStmt): Relation {
  if (!unique || whereClause) return table;
  const columns = indexParams.map((each) => ("IndexElem" in each ? each.IndexElem.name : undefined));
  // An expression is no column.
  if (!columns.every((column) => column !== undefined)) return table;
  const name = idxname ?? [table.name, ...columns, "idx"].join("_");
  return table.keys.has(name) ? table : { ...table, keys: new Map(table.keys).set(name, { columns, primary: false }) };
}

function renameColumn(table: Relation, from: string, to: string): Relation {
  const renamed = (name: string) => (name === from ? to : name);
  const columns = new Map([...table.columns].map(([name, column]) => [renamed(name), column]));
  const keys = new Map([...table.keys].map(([index, key]) => [index, { ...key, columns: key.columns.map(renamed) }]));
  return { ...table, columns, keys };
}

/** Statements that create, drop or alter no table, and run no code that could. */
const withoutEffect: ReadonlySet<string> = new Set([
  ...["CommentStmt", "GrantStmt", "GrantRoleStmt", "AlterOwnerStmt", "AlterDefaultPrivilegesStmt", "SecLabelStmt"],
  ...["CreateFunctionStmt", "AlterFunctionStmt", "CreateTrigStmt", "CreateStatsStmt", "AlterStatsStmt", "RuleStmt"],
  ...["CreateSeqStmt", "AlterSeqStmt", "CreateEnumStmt", "AlterEnumStmt", "CompositeTypeStmt", "CreateRangeStmt"],
  ...["CreateDomainStmt", "AlterDomainStmt", "DefineStmt", "CreateCastStmt", "CreateConversionStmt", "AlterTypeStmt"],
  ...["CreateOpClassStmt", "CreateOpFamilyStmt", "AlterOpFamilyStmt", "AlterOperatorStmt", "AlterCollationStmt"],
  ...["CreatePolicyStmt", "AlterPolicyStmt", "CreateRoleStmt", "AlterRoleStmt", "DropRoleStmt", "TransactionStmt"],
  ...["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "TruncateStmt", "CopyStmt", "LockStmt", "VacuumStmt"],
  ...["RefreshMatViewStmt", "ReindexStmt", "ClusterStmt", "ConstraintsSetStmt", "VariableShowStmt", "AlterRoleSetStmt"],
  ...["AlterDatabaseStmt", "AlterDatabaseSetStmt", "CheckPointStmt"],
]);

const plainFunctions = /^(?:pg_catalog\.)?(?:set_config|setval|nextval|now|count|max|min|coalesce)$/;

/** A query that calls nothing but some of PostgreSQL's own functions, which touch no table's definition. */
function isPlainQuery(node: Node): boolean {
  if (!("SelectStmt" in node)) return false;
  return [...walk(node)].every(
    ({ kind, body }) =>
      kind !== "FuncCall" || plainFunctions.test(texts((body as { funcname?: Node[] }).funcname).join(".")),
  );
}
