import Docker from "dockerode";
import { eventually } from "./eventually.ts";
import { removeNode } from "./removeNode.ts";
import type { ThrowawayStack } from "./throwawayStack.ts";

/** Something that goes wrong with a verified cluster of pg-1 (primary or publisher), pg-2 and pg-3. */
export interface Fault {
  readonly title: string;
  /** Brings it about, and returns when it can be seen. */
  readonly inflict: (stack: ThrowawayStack) => Promise<unknown>;
  /** What the verification must say, as `check node`: its reason. */
  readonly found: Readonly<Record<string, RegExp>>;
  /** What else may fail because of it, as `check node`. Nothing but these may be blamed. */
  readonly consequences?: readonly string[];
  /** What the report says is to be done about it. */
  readonly repair: (stack: ThrowawayStack) => Promise<unknown>;
}

const up = (stack: ThrowawayStack) => stack.up();

/** Of a quorum cluster. */
export const faults: readonly Fault[] = [
  {
    title: "a standby is stopped",
    inflict: (stack) => docker(stack, "pg-2").stop(),
    found: { "server-running pg-2": /its container is stopped/ },
    consequences: ["streaming pg-2", "slots pg-2"],
    repair: (stack) => docker(stack, "pg-2").start(),
  },
  {
    title: "the WAL receiver is cut off by a wrong password",
    async inflict(stack) {
      await stack.sql("pg-1", "alter role replicator password 'something else'");
      await cutOff(stack, "pg-2");
    },
    found: {
      "roles cluster": /another password: role replicator/,
      "streaming pg-2": /does not stream from pg-1/,
      "wal-receiver pg-2": /does not run/,
    },
    consequences: ["slots pg-2", "marker-row pg-2"],
    repair: up,
  },
  {
    title: "a standby loses its standby.signal and is restarted",
    async inflict(stack) {
      await stack.shell("pg-3", "rm $PGDATA/standby.signal");
      await docker(stack, "pg-3").restart();
    },
    found: { "server-running pg-3": /does not accept connections/ },
    consequences: ["streaming pg-3", "slots pg-3"],
    async repair(stack) {
      await stack.shell("pg-3", "touch $PGDATA/standby.signal");
      await docker(stack, "pg-3").restart();
    },
  },
  {
    title: "a stray writable node: a standby is started as a primary",
    async inflict(stack) {
      await stack.shell(
        "pg-3",
        `rm $PGDATA/standby.signal; sed -i "s/^primary_conninfo = .*/primary_conninfo = ''/" ${runtimeFile}`,
      );
      await docker(stack, "pg-3").restart();
      await eventually("pg-3 accepts writes", () => accepts(stack, "pg-3", "create table stray ()"));
    },
    found: { "one-primary cluster": /pg-3 accepts writes, but the declared primary is pg-1/ },
    consequences: ["runtime-file pg-3", "streaming pg-3", "slots pg-3", "client pg-3", "marker-row pg-3"],
    repair: (stack) => cloneAgain(stack, "pg-3"),
  },
  {
    title: "pg_hba.conf of a node is edited to trust",
    inflict: (stack) => editAndReload(stack, "pg-2", "pg_hba.conf", "s/scram-sha-256/trust/"),
    found: {
      "declared-files pg-2": /pg_hba\.conf/,
      "pg-hba pg-2": /without SCRAM: line \d+: trust/,
      "client pg-2": /with any password/,
    },
    repair: up,
  },
  {
    title: "pg_hba.conf of a node lets clients in without TLS",
    inflict: (stack) => editAndReload(stack, "pg-3", "pg_hba.conf", "1i hostnossl all all all scram-sha-256"),
    found: {
      "declared-files pg-3": /pg_hba\.conf/,
      "pg-hba pg-3": /line 1 lets clients in without TLS/,
      "client pg-3": /without TLS/,
    },
    repair: up,
  },
  {
    title: "a parameter is changed with ALTER SYSTEM",
    async inflict(stack) {
      await stack.sql("pg-1", "alter system set work_mem = '64MB'");
      await reload(stack, "pg-1");
    },
    found: { "foreign-settings pg-1": /ALTER SYSTEM: work_mem = 65536/ },
    async repair(stack) {
      await stack.sql("pg-1", "alter system reset work_mem");
      await reload(stack, "pg-1");
    },
  },
  {
    title: "a slot is dropped",
    async inflict(stack) {
      await cutOff(stack, "pg-3", "select pg_drop_replication_slot('pg_3')");
    },
    found: { "slots pg-3": /slot pg_3 is missing on pg-1/, "streaming pg-3": /does not stream/ },
    consequences: ["wal-receiver pg-3", "marker-row pg-3"],
    repair: up,
  },
  {
    title: "a standby streams under a wrong application_name",
    async inflict(stack) {
      await stack.shell("pg-2", `sed -i s/application_name=pg-2/application_name=elsewhere/ ${runtimeFile}`);
      await reload(stack, "pg-2");
      await streamsAs(stack, "elsewhere");
    },
    found: {
      "runtime-file pg-2": /differs from the plan/,
      "streaming pg-2": /does not stream/,
      "streaming cluster": /"elsewhere", which is no node of the plan/,
    },
    repair: up,
  },
  {
    title: "replay is paused on a standby",
    async inflict(stack) {
      await stack.sql("pg-2", "select pg_wal_replay_pause()");
    },
    found: { "replay pg-2": /replay is paused/ },
    consequences: ["marker-row pg-2"],
    repair: (stack) => stack.sql("pg-2", "select pg_wal_replay_resume()"),
  },
  {
    title: "a role commits without waiting for the quorum",
    async inflict(stack) {
      await stack.sql("pg-1", "alter role app set synchronous_commit = off");
    },
    found: { "quorum-bypass cluster": /ROLE app.* synchronous_commit=off/ },
    repair: (stack) => stack.sql("pg-1", "alter role app reset synchronous_commit"),
  },
  {
    title: "synchronous_standby_names is emptied by hand",
    async inflict(stack) {
      await stack.shell(
        "pg-1",
        `sed -i "s/^synchronous_standby_names = .*/synchronous_standby_names = ''/" ${runtimeFile}`,
      );
      await reload(stack, "pg-1");
    },
    found: {
      "runtime-file pg-1": /differs from the plan/,
      "sync-state pg-2": /sync_state is async/,
      "sync-state pg-3": /sync_state is async/,
    },
    consequences: ["quorum-commit cluster"],
    repair: up,
  },
  {
    title: "a declared file is edited, and not loaded",
    async inflict(stack) {
      await stack.shell("pg-2", `echo 'work_mem = 99MB' >> ${declared}/postgresql.conf`);
    },
    found: { "declared-files pg-2": /postgresql\.conf/ },
    consequences: ["configuration-loaded pg-2"],
    repair: up,
  },
  {
    title: "a slot that nobody uses holds back WAL",
    async inflict(stack) {
      await stack.sql("pg-1", "select pg_create_physical_replication_slot('forgotten', true)");
    },
    found: { "slots cluster": /slot forgotten on pg-1 belongs to no node of the plan/ },
    repair: (stack) => stack.sql("pg-1", "select pg_drop_replication_slot('forgotten')"),
  },
  {
    title: "there is a second superuser",
    async inflict(stack) {
      await stack.sql("pg-1", "create role boss superuser login");
    },
    found: { "roles cluster": /superuser that can log in over the network: boss/ },
    repair: (stack) => stack.sql("pg-1", "drop role boss"),
  },
  {
    title: "a server certificate is replaced by one of nobody's",
    async inflict(stack) {
      const options =
        "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=pg-2 -keyout server.key -out server.crt";
      await stack.shell("pg-2", `cd ${declared}/tls && openssl req -x509 ${options} 2> /dev/null`);
      await reload(stack, "pg-2");
    },
    found: { "declared-files pg-2": /tls\/server\.crt, tls\/server\.key/, "client pg-2": /self-signed certificate/ },
    repair: up,
  },
  {
    title: "a standby's server does not start, and its container restarts again and again",
    async inflict(stack) {
      await stack.shell("pg-2", `echo 'this is = = nonsense' >> ${declared}/postgresql.conf`);
      await docker(stack, "pg-2").restart();
      await eventually(
        "pg-2 restarts again and again",
        async () => ((await stack.node("pg-2").inspect())?.RestartCount ?? 0) > 2,
      );
    },
    found: { "server-running pg-2": /restart/ },
    consequences: ["declared-files pg-2", "streaming pg-2", "slots pg-2"],
    repair: up,
  },
  {
    title: "a standby's container is paused",
    inflict: (stack) => docker(stack, "pg-3").pause(),
    found: { "server-running pg-3": /paused/ },
    consequences: ["streaming pg-3", "slots pg-3"],
    repair: up,
  },
  {
    title: "every standby is stopped, and commits wait in vain",
    async inflict(stack) {
      await Promise.all(["pg-2", "pg-3"].map((node) => docker(stack, node).stop()));
    },
    found: {
      "server-running pg-2": /its container is stopped/,
      "server-running pg-3": /its container is stopped/,
      "quorum-commit cluster": /not confirmed/,
    },
    consequences: ["streaming pg-2", "streaming pg-3", "slots pg-2", "slots pg-3"],
    repair: up,
  },
  {
    title: "a standby is promoted by hand",
    async inflict(stack) {
      await stack.sql("pg-2", "select pg_promote()");
      await eventually("pg-2 accepts writes", () => accepts(stack, "pg-2", "create table stray ()"));
    },
    found: {
      "one-primary cluster": /pg-2 accepts writes, but the declared primary is pg-1/,
      "timeline pg-2": /timeline 2, but the primary's is 1/,
    },
    consequences: ["streaming pg-2", "slots pg-2", "client pg-2", "marker-row pg-2"],
    repair: (stack) => cloneAgain(stack, "pg-2"),
  },
];

const declared = "/etc/postgres-cluster/current";
const runtimeFile = "/etc/postgres-cluster/runtime/postgresql.conf";

function docker(stack: ThrowawayStack, node: string) {
  const container = new Docker().getContainer(stack.containerName(node));
  return {
    start: async (): Promise<void> => container.start(),
    stop: async (): Promise<void> => container.stop(),
    restart: async (): Promise<void> => container.restart(),
    pause: async (): Promise<void> => container.pause(),
  };
}

/** What the report advises for a node that has a history of its own. */
async function cloneAgain(stack: ThrowawayStack, node: string): Promise<void> {
  await removeNode(stack, node, ["data"]);
  await stack.up("--refresh");
}

async function editAndReload(stack: ThrowawayStack, node: string, file: string, sed: string): Promise<void> {
  await stack.shell(node, `sed -i '${sed}' ${declared}/${file}`);
  await reload(stack, node);
}

/** Returns when the server has taken the files in; until then they are not in force. */
async function reload(stack: ThrowawayStack, node: string): Promise<void> {
  const [before] = await stack.sql<{ at: string }>(node, "select pg_conf_load_time()::text as at, pg_reload_conf()");
  await eventually(`${node} has reloaded`, async () => {
    const [now] = await stack.sql<{ at: string }>(node, "select pg_conf_load_time()::text as at");
    return now!.at !== before!.at;
  });
}

/** Ends the WAL sender of a standby, and does something before the standby connects again. */
async function cutOff(stack: ThrowawayStack, node: string, meanwhile = "select"): Promise<void> {
  await eventually(`${node} is cut off`, async () => {
    await stack.sql("pg-1", "select pg_terminate_backend(pid) from pg_stat_replication where application_name = $1", [
      node,
    ]);
    try {
      await stack.sql("pg-1", meanwhile);
    } catch (error) {
      const objectInUse = "55006";
      if ((error as { code?: string }).code === objectInUse) return false;
      throw error;
    }
    return (await senders(stack)).every((name) => name !== node);
  });
}

async function streamsAs(stack: ThrowawayStack, name: string): Promise<void> {
  await eventually(`something streams as ${name}`, async () => (await senders(stack)).includes(name));
}

async function senders(stack: ThrowawayStack): Promise<string[]> {
  const rows = await stack.sql<{ name: string }>("pg-1", "select application_name as name from pg_stat_replication");
  return rows.map(({ name }) => name);
}

/** Whether a statement succeeds; a server that is not there yet, or is read-only yet, has not. */
async function accepts(stack: ThrowawayStack, node: string, statement: string): Promise<boolean> {
  // A commit there could wait for standbys that it will never have.
  return stack.sql(node, `set synchronous_commit = local; ${statement}`).then(
    () => true,
    () => false,
  );
}
