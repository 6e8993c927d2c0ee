import pg from "pg";
import { type SubscriptionPlan, subscriptionOf } from "../../../configs/logicalPlan.ts";
import { ownSchema } from "../../../configs/ownSchema.ts";
import { connectionString } from "../../../configs/render/connectionString.ts";
import { paths, postgresPort } from "../../../configs/render/paths.ts";
import { superuser } from "../../../configs/roles.ts";
import { subscriberRolePrefix } from "../../../configs/subscriberRole.ts";
import { runtimeText } from "../../desired.ts";
import { clonePublication, cloneSlot } from "../../logical/cloning.ts";
import { type Copies, publicationsOf } from "../../logical/publications.ts";
import type { Step } from "../../step.ts";
import { backupDirectory, hold, putInPlace, takeBaseBackup, verifyBackup } from "../baseBackup.ts";
import type { StepContext } from "../context.ts";
import { replaceRuntimeFile, startServer } from "../node.ts";
import { inDatabase } from "./inDatabase.ts";
import { dropPublication } from "./publications.ts";
import { PublisherSockets } from "./publisherSockets.ts";

/** Of the server that runs on the backup before it is put in place. Nobody else looks for one there. */
const work = `${paths.socketDirectory}/clone`;
const workConf = `${work}/postgresql.conf`;
const workPort = 50432;
const adoptionSql = `${work}/adopt.sql`;

/** Seconds for the backup to replay what was written while it was taken. It ends where that is known to end, however much is written later. */
const recoverySeconds = 3600;

/**
 * Makes an empty node a subscriber that has all of the publisher's rows: a verified base backup, which pg_createsubscriber turns into a
 * server of its own (manual, "pg_createsubscriber") whose subscription goes on exactly where the backup's replay ended. Before any worker
 * runs on it, what came along and is the publisher's alone is removed, and the subscription gets the publications of the plan. Only then
 * is it put in place; cut off before, all of it begins anew.
 *
 * pg_createsubscriber publishes all tables under a name of its own, which only a superuser may. It reaches the publisher through this
 * process (see PublisherSockets).
 */
export async function cloneSubscriber(
  context: StepContext,
  step: Step & { readonly kind: "cloneSubscriber" },
): Promise<void> {
  const { desired, containers, progress } = context;
  const { primary } = desired.plan;
  const { node } = step;
  const plan = subscriptionOf(desired.plan, node);
  const container = containers[node]!;
  await hold(container, progress, node);
  await takeBaseBackup(container, progress, node, { from: primary, slot: cloneSlot, createSlot: true });
  await container.run(["node-exclusively", "bash", "-c", prepare(context, step, plan)]);
  progress.say(`${node}: base backup verified, making it a subscriber of ${primary}`);
  await createSubscriber(context, plan);
  await container.run(["node-exclusively", "bash", "-c", adopt, "adopt", desired.plan.database]);
  await dropPublication(context, primary, clonePublication);
  await container.run(["node-exclusively", "bash", "-c", `set -e\n${putInPlace(runtimeText(desired, node, ""))}`]);
  await startServer(container);
  await inDatabase(context, node, async (client) => {
    const name = pg.escapeIdentifier(plan.name);
    await client.query(`alter subscription ${name} enable`);
    // It leaves the tables that are published no more, our own books; a table that is new since would be copied.
    await client.query(`alter subscription ${name} refresh publication`);
  });
  progress.say(`${node}: subscribed to ${plan.publications.join(", ")}`);
}

/** Verifies the backup, and lays out what the next two commands need. */
function prepare({ desired }: StepContext, { node, ...copies }: Copies, plan: SubscriptionPlan): string {
  const conf = [
    `include '${paths.postgresqlConf}'`,
    `data_directory = '${backupDirectory}'`,
    `primary_slot_name = '${cloneSlot}'`,
    "",
  ].join("\n");
  return `set -e
${replaceRuntimeFile(runtimeText(desired, node, ""))}
${verifyBackup}
: > ${backupDirectory}/postgresql.auto.conf
rm -rf ${work}
mkdir -m 0700 ${work}
${writeText(conf, workConf)}
${writeText(adoption(plan, copies), adoptionSql)}`;
}

function writeText(text: string, path: string): string {
  return `printf %s ${Buffer.from(text).toString("base64")} | base64 -d > ${path}`;
}

async function createSubscriber(context: StepContext, plan: SubscriptionPlan): Promise<void> {
  const { desired, containers, connections } = context;
  const container = containers[plan.node]!;
  const publisher = containers[desired.plan.primary]!;
  await using sockets = await PublisherSockets.listen(publisher, container, work);
  const host = sockets.directories.join(",");
  const options = [
    "--verbose",
    `--pgdata=${backupDirectory}`,
    `--config-file=${workConf}`,
    `--socketdir=${work}`,
    `--subscriber-port=${workPort}`,
    `--subscriber-username=${superuser}`,
    `--publisher-server=${connectionString({ host, port: String(postgresPort), user: superuser })}`,
    `--database=${desired.plan.database}`,
    `--publication=${clonePublication}`,
    `--replication-slot=${plan.slot}`,
    `--subscription=${plan.name}`,
    `--recovery-timeout=${recoverySeconds}`,
  ];
  // Recovery stops before the first record after its target: where nobody writes there is none, until the publisher notes something.
  let noted: Promise<unknown> | undefined;
  const command = ["node-exclusively", "bash", "-c", `exec pg_createsubscriber "$@" ${withoutLock}`, "create"];
  await container.run([...command, ...options], {
    onStderrLine: (line) => {
      if (!line.includes("waiting for the target server to reach the consistent state")) return;
      noted ??= connections.use(publisher, (client) => client.query("select pg_log_standby_snapshot()"));
      // Its failure is thrown below, after the program's own.
      noted.catch(() => {});
    },
  });
  await noted;
}

/** The servers that are started in here go on when their starter ends, and must not hold node-exclusively's lock for it. */
const withoutLock = "9>&-";

const serverOptions = [
  `-c config_file=${workConf}`,
  `-c unix_socket_directories=${work}`,
  `-c port=${workPort}`,
  "-c listen_addresses=",
  "-c max_logical_replication_workers=0",
].join(" ");

/** Starts the backup as the server it has become, but without a worker, and lets it do what `adoption` says. */
const adopt = `set -e
: > ${backupDirectory}/postgresql.auto.conf
pg_ctl start --silent --pgdata=${backupDirectory} --options="${serverOptions}" >&2 ${withoutLock}
psql --quiet --no-psqlrc --host=${work} --port=${workPort} --dbname="$1" --set=ON_ERROR_STOP=1 --single-transaction --file=${adoptionSql}
pg_ctl stop --silent --pgdata=${backupDirectory} --mode=fast
rm -rf ${work}`;

/**
 * The transaction that makes a copy of the publisher a subscriber as we know it: publications and the roles of subscribers go, the books are
 * a subscriber's, and the subscription is the plan's. Its options are set later on: one of them is a property of the slot as well.
 */
function adoption(plan: SubscriptionPlan, { copiedFrom, tables }: Omit<Copies, "node">): string {
  const name = pg.escapeIdentifier(plan.name);
  const publications = publicationsOf(plan).map(pg.escapeIdentifier).join(", ");
  const entries = tables.map(({ schema, name, definition }) =>
    [schema, name, definition, copiedFrom].map(pg.escapeLiteral).join(", "),
  );
  return `alter subscription ${name} disable;
alter subscription ${name} connection ${pg.escapeLiteral(plan.conninfo)};
alter subscription ${name} set publication ${publications} with (refresh = false);
delete from ${ownSchema}.publications;
delete from ${ownSchema}.copied_tables;
insert into ${ownSchema}.copied_tables (table_schema, table_name, definition, publisher, begun) values
${entries.map((entry) => `(${entry}, true)`).join(",\n")};
do $$
declare name name;
begin
  for name in select pubname from pg_publication loop
    execute format('drop publication %I', name);
  end loop;
  for name in select rolname from pg_roles where starts_with(rolname, '${subscriberRolePrefix}') loop
    execute format('drop owned by %I; drop role %I', name, name);
  end loop;
end $$;
`;
}
