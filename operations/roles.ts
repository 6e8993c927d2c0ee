import { roles } from "../configs/roles.ts";
import type { Desired } from "./desired.ts";
import type { ObservedRole, ObservedServer } from "./observed.ts";
import { matchesVerifier, scramVerifier } from "./scram.ts";

/** Of the observed server, what decides whether roles and database are as desired. */
type Roles = Pick<ObservedServer, "roles" | "databases">;

/** Names of what is missing or wrong among the cluster's roles, their passwords and the database. */
export function missingFromDatabase(desired: Desired, node: string, observed: Roles): string[] {
  const wanted = wantedRoles(desired, node);
  const wrong = wanted.filter(({ name, password, replication }) => {
    const role = observed.roles.find((each) => each.name === name);
    return (
      !role?.login || role.superuser || role.replication !== replication || !matchesVerifier(password, role.password)
    );
  });
  const { database } = desired.plan;
  const found = observed.databases.some(({ name }) => name === database);
  return [...wrong.map(({ name }) => `role ${name}`), ...(found ? [] : [`database ${database}`])];
}

/** Of one node: the subscribers' roles are on the publisher only. */
export function wantedRoles({ plan, passwords }: Desired, node: string) {
  const subscriptions = node === plan.primary ? (plan.logical?.subscriptions ?? []) : [];
  return [
    { name: roles.replicator, password: passwords.replicator, replication: true },
    { name: roles.monitor, password: passwords.monitor, replication: false },
    { name: roles.rewind, password: passwords.rewind, replication: false },
    { name: plan.owner, password: passwords.owner, replication: false },
    ...subscriptions.map(({ node, role }) => ({
      name: role,
      password: passwords.subscribers[node]!,
      replication: true,
    })),
  ];
}

/** The model of a server on which nothing is missing. */
export function rolesOf(desired: Desired, node: string): Roles {
  return {
    roles: wantedRoles(desired, node).map(
      ({ name, password, replication }): ObservedRole => ({
        name,
        superuser: false,
        login: true,
        replication,
        password: scramVerifier(password),
      }),
    ),
    databases: [
      { name: "postgres", owner: "postgres" },
      { name: desired.plan.database, owner: desired.plan.owner },
    ],
  };
}
