import { type LogicalSpec, operations } from "../../../../configs/spec.ts";

/** Users, filtered, with some of their columns, and all of the orders: for every subscriber. */
export function logicalSpec(subscribers: readonly string[]): LogicalSpec {
  const columns = ["id", "name", "active"];
  return {
    initialCopy: "copy",
    schemaFiles: [{ path: "schema/001.sql", text: "create table users (…); create table orders (…);" }],
    publications: [
      {
        name: "users_pub",
        content: { kind: "tables", tables: [{ schema: "public", name: "users", columns, where: "active" }] },
        operations,
        subscribers,
      },
      {
        name: "orders_pub",
        content: { kind: "tables", tables: [{ schema: "public", name: "orders" }] },
        operations,
        subscribers,
      },
    ],
  };
}
