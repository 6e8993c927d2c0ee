import { randomBytes } from "node:crypto";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseStackConfig } from "../../configs/loadFile.ts";
import { planCluster } from "../../configs/plan.ts";
import { renderPassfile } from "../../configs/render/passfile.ts";
import { renderRuntime } from "../../configs/render/runtime.ts";
import { validateSpec } from "../../configs/validateSpec.ts";
import { NodeContainer } from "../../operations/docker.ts";
import { withConnection } from "../../operations/sql.ts";
import { until } from "../../operations/until.ts";
import { projectDir } from "../../toolchain/project.ts";
import { runTimed } from "../runner/runTimed.ts";
import { composeCommand } from "./composeCommand.ts";
import type { Place } from "./place.ts";
import { stackConfig } from "./stackConfig.ts";

const source = join(projectDir, "benchmarks", "compose");
/** Milliseconds within which a cluster that works is up. */
const timeout = 180_000;

/** The hand-written cluster of `benchmarks/compose`, with the very settings of ours: its configs are rendered by the same code. */
export class ComposeCluster {
  private readonly place: Place;
  private readonly name: string;
  private readonly password = randomBytes(16).toString("hex");
  private command: readonly string[] | undefined;
  private isUp = false;

  constructor(place: Place) {
    this.place = place;
    this.name = `${place.id}-compose`;
  }

  /** From `up -d` until every node is healthy and both standbys stream as quorum; milliseconds. */
  async up(image: string): Promise<number> {
    await this.prepare(image);
    const start = performance.now();
    await this.compose(image, "up", "-d");
    await this.awaitQuorum();
    this.isUp = true;
    return performance.now() - start;
  }

  /** Brings it up unless it is. */
  async present(image: string): Promise<void> {
    if (!this.isUp) await this.up(image);
  }

  /** Removes it, data included. */
  async absent(image: string): Promise<void> {
    if (!this.isUp) return;
    await this.compose(image, "down", "--volumes");
    this.isUp = false;
  }

  container(node: string): string {
    return `${this.name}-${node}`;
  }

  private async compose(image: string, ...args: readonly string[]): Promise<void> {
    const [command, ...first] = this.command!;
    const [port1, port2, port3] = this.place.ports;
    const env = {
      ...this.place.env,
      COMPOSE_PROJECT_NAME: this.name,
      PREFIX: this.name,
      NODE_IMAGE: image,
      PASSWORD: this.password,
      PORT_1: String(port1),
      PORT_2: String(port2),
      PORT_3: String(port3),
    };
    await runTimed(command!, [...first, ...args], { cwd: this.place.folder, env });
  }

  private async awaitQuorum(): Promise<void> {
    const nodes = ["pg-1", "pg-2", "pg-3"].map((node) => new NodeContainer(this.container(node)));
    const options = { timeout, interval: 20, onTimeout: () => notUp(nodes) };
    const healthy = async (node: NodeContainer) =>
      (await node.inspect())?.State.Health?.Status === "healthy" ? true : undefined;
    await Promise.all(nodes.map((node) => until(() => healthy(node), options)));
    await withConnection(nodes[0]!, (client) => {
      const bothStream = async () => {
        const { rowCount } = await client.query(
          "select from pg_stat_replication where state = 'streaming' and sync_state = 'quorum'",
        );
        return rowCount === nodes.length - 1 ? true : undefined;
      };
      return until(bothStream, options);
    });
  }

  /** Writes the project's folder; certificates are made in a container, so that their files can belong to postgres. */
  private async prepare(image: string): Promise<void> {
    if (this.command !== undefined) return;
    this.command = await composeCommand();
    const { folder, env, ports } = this.place;
    await cp(source, folder, { recursive: true });
    const plan = planCluster(validateSpec(parseStackConfig(this.name, stackConfig(ports))));
    for (const { name, files } of plan.nodes) {
      const current = join(folder, name, "current");
      const runtime = join(folder, name, "runtime");
      await mkdir(join(current, "tls"), { recursive: true });
      await mkdir(runtime);
      const passfile = renderPassfile({ replicator: this.password, rewind: this.password });
      for (const [file, text] of Object.entries({ ...files, passfile })) await writeFile(join(current, file), text);
      const settings = renderRuntime(plan, name, { primary: plan.primary, synchronous: true });
      await writeFile(join(runtime, "postgresql.conf"), settings);
    }
    const script = ["/compose/certificates.sh", ...plan.nodes.map(({ name }) => `/compose/${name}`)];
    const container = `--rm --network=none --user=root --entrypoint=bash --name=${this.name}-certificates`.split(" ");
    await runTimed("docker", ["run", ...container, `--volume=${folder}:/compose`, image, ...script], {
      cwd: folder,
      env,
    });
  }
}

async function notUp(nodes: readonly NodeContainer[]): Promise<Error> {
  const logs = await Promise.all(nodes.map(async (node) => `${node.name}:\n${await node.logTail(60)}`));
  return new Error(`the compose cluster did not come up\n${logs.join("\n")}`);
}
