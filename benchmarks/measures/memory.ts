import Docker from "dockerode";
import { NodeContainer } from "../../operations/docker.ts";
import { until } from "../../operations/until.ts";
import type { UpContestants } from "../contestants/upContestants.ts";
import type { Measure } from "../runner/measure.ts";

const nodes = ["pg-1", "pg-2", "pg-3"];
/** More than the 128 MB of shared_buffers: a buffer costs memory from its first use on, so every one has to have been used. */
const fill =
  "create extension pg_prewarm; create table filler as select repeat('x', 1000) from generate_series(1, 180000)";
const touch = "select pg_prewarm('filler')";

/** Memory of the three nodes together, with warm buffers: ours against the same three in plain containers. */
export const memory: Measure<UpContestants> = {
  id: "memory",
  title: "memory of three nodes (anonymous and shared, without page cache)",
  unit: "MB",
  targets: [{ of: "ours", over: "compose", atMost: 1.05 }],
  async contestants({ ours, compose }) {
    await ours.present();
    await compose.present(await ours.image());
    return Promise.all(
      [
        { name: "ours", cluster: ours },
        { name: "compose", cluster: compose },
      ].map(async ({ name, cluster }) => {
        const containers = nodes.map((node) => cluster.container(node));
        await warm(containers);
        return { run: async () => ({ [name]: await megabytes(containers) }) };
      }),
    );
  },
};

async function warm(containers: readonly string[]): Promise<void> {
  const [primary, ...standbys] = containers.map((name) => new NodeContainer(name));
  const psql = (container: NodeContainer, sql: string) =>
    container.run(["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--set=ON_ERROR_STOP=1", `--command=${sql}`]);
  await psql(primary!, fill);
  const end = (await psql(primary!, "select pg_current_wal_lsn()")).trim();
  for (const standby of standbys) {
    await until(
      async () => {
        const replayed = await psql(standby, `select pg_last_wal_replay_lsn() >= '${end}'`);
        return replayed.trim() === "t" ? true : undefined;
      },
      { timeout: 60_000, onTimeout: () => new Error(`${standby.name} does not replay`) },
    );
  }
  for (const node of [primary!, ...standbys]) await psql(node, touch);
}

async function megabytes(containers: readonly string[]): Promise<number> {
  const docker = new Docker();
  const each = await Promise.all(
    containers.map(async (name) => {
      const { memory_stats } = await docker.getContainer(name).stats({ stream: false, "one-shot": true });
      const { active_anon, inactive_anon } = memory_stats.stats;
      // The kernel keeps anonymous and shared memory on these two lists, under both versions of cgroups.
      return active_anon + inactive_anon;
    }),
  );
  return each.reduce((sum, bytes) => sum + bytes, 0) / 1e6;
}
