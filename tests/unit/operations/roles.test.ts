import { expect, test } from "vitest";
import { missingFromDatabase, rolesOf, wantedRoles } from "../../../operations/roles.ts";
import { desiredOf } from "./support/desired.ts";

const desired = desiredOf();

test("on a fresh cluster all roles and the database are missing", () => {
  expect(
    missingFromDatabase(desired, "pg-1", { roles: [], databases: [{ name: "postgres", owner: "postgres" }] }),
  ).toEqual(["role replicator", "role monitor", "role rewind", "role app", "database app"]);
});

test("on a server that is as desired nothing is missing; with new passwords all roles are", () => {
  expect(missingFromDatabase(desired, "pg-1", rolesOf(desired, "pg-1"))).toEqual([]);
  expect(missingFromDatabase(desiredOf({ passwords: "new" }), "pg-1", rolesOf(desired, "pg-1"))).toEqual([
    "role replicator",
    "role monitor",
    "role rewind",
    "role app",
  ]);
});

test("replication is the replicator's alone", () => {
  const replicating = wantedRoles(desired, "pg-1").filter(({ replication }) => replication);
  expect(replicating.map(({ name }) => name)).toEqual(["replicator"]);
});
