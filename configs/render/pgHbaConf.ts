import { roles, superuser } from "../roles.ts";
import { subscriberRolePrefix } from "../subscriberRole.ts";

/** The first line that matches decides. Every role but `postgres` comes over TLS with SCRAM, `postgres` over the local socket only. */
const line = (type: string, database: string, user: string, address: string, method: string): string =>
  [type.padEnd(9), database.padEnd(20), user.padEnd(20), address.padEnd(7), method].join(" ");

/**
 * pg_hba.conf, the same on every node so that a switchover changes nothing. `samenet` is the cluster's own network.
 * `database` needs no quotes as a rule, and gets them so that no name is ever read as a keyword. With `subscribers`, their roles may read
 * the database's changes from within the cluster's network; they are matched by what their names begin with, so that a new one changes no file.
 * pg_createsubscriber lets its server follow the publisher by the connection that it was given: as superuser, over the local socket.
 */
export function renderPgHbaConf(database: string, { subscribers }: { readonly subscribers: boolean }): string {
  const application = `"${database}"`;
  return `${[
    "# Written by postgres-cluster: the first line that matches decides.",
    line("# TYPE", "DATABASE", "USER", "ADDRESS", "METHOD"),
    "",
    "# Administration: over the local socket, as the system's user postgres.",
    line("local", subscribers ? "all,replication" : "all", superuser, "", "peer"),
    line("local", "all", "all", "", "reject"),
    "",
    "# Nothing without TLS, no superuser over the network.",
    line("hostnossl", "all", "all", "all", "reject"),
    line("hostssl", "all", superuser, "all", "reject"),
    "",
    "# Between nodes: streaming, base backups, pg_rewind. These roles are good for nothing else.",
    line("hostssl", "replication", roles.replicator, "samenet", "scram-sha-256"),
    line("hostssl", "postgres", roles.rewind, "samenet", "scram-sha-256"),
    line("hostssl", "all", `${roles.replicator},${roles.rewind}`, "all", "reject"),
    "",
    ...(subscribers ? subscriberLines(application) : []),
    "# Monitoring and applications.",
    line("hostssl", `postgres,${application}`, roles.monitor, "all", "scram-sha-256"),
    line("hostssl", application, "all", "all", "scram-sha-256"),
    line("host", "all,replication", "all", "all", "reject"),
  ].join("\n")}\n`;
}

/** A name that begins with a slash is a regular expression. To pg_hba.conf a subscription is a connection to its database, not `replication`. */
function subscriberLines(application: string): string[] {
  const role = `/^${subscriberRolePrefix}`;
  return [
    "# Subscribers, each with a role of its own on the publisher.",
    line("hostssl", application, role, "samenet", "scram-sha-256"),
    line("hostssl", "all,replication", role, "all", "reject"),
    "",
  ];
}
