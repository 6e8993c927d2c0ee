import Docker from "dockerode";
import type pg from "pg";
import { stringify } from "yaml";
import type { InitialCopy } from "../../configs/spec.ts";
import { NodeContainer } from "../../operations/docker.ts";
import { formatBytes } from "../../operations/formatBytes.ts";
import { withConnection } from "../../operations/sql.ts";
import { dropIdleSlot } from "../../operations/steps/slots.ts";
import { removeVolumes } from "../../toolchain/docker/dataVolumes.ts";
import { say } from "../runner/say.ts";
import { OurProject } from "./ourProject.ts";
import type { Place } from "./place.ts";
import { growShop, shopSchema, shopSize } from "./shop.ts";

const publisher = "pg-1";
const subscriber = "pg-2";
/** Of the subscriber, on the publisher. */
const slot = "pg_2";
const schemaFile = "schema/bench.sql";

/** Orders added at once: few seconds' work. */
const mostOrders = 500_000;
/** Before the first ones tell. */
const firstOrders = 10_000;

export interface Addition {
  /** Milliseconds of `npm run up`, from the start of its process to its exit. */
  readonly whole: number;
  /** Milliseconds of it that the verification took. */
  readonly verification: number;
}

/** A publisher whose database grows, and a subscriber that is added to it again and again. */
export class LogicalCluster {
  private readonly project: OurProject;
  private orders = 0;

  constructor(place: Place, cli: string) {
    this.project = new OurProject(place, cli);
  }

  /** Brings both nodes up, with the tables but without a row in them. */
  async create(): Promise<void> {
    await this.project.write(schemaFile, shopSchema);
    await this.up("copy");
  }

  /** Removes the subscriber, and fills the publisher up until its tables have this size; returns how large they are then, in bytes. */
  async grow(size: number): Promise<number> {
    await this.removeSubscriber();
    return await this.onPublisher(async (client) => {
      for (;;) {
        const bytes = await sizeNow(client);
        say(`  publisher: ${formatBytes(bytes)}, ${this.orders} orders`);
        const perOrder = bytes / this.orders;
        const missing = this.orders === 0 ? firstOrders : Math.round((size - bytes) / perOrder);
        // A hundredth less or more makes no difference.
        if (missing * perOrder < size / 100) break;
        const last = this.orders + Math.min(missing, mostOrders);
        await client.query(growShop(this.orders + 1, last));
        this.orders = last;
      }
      // What a first reader would do instead: it is not to be the first contestant.
      await client.query("vacuum (freeze, analyze)");
      return sizeNow(client);
    });
  }

  /** Adds an empty subscriber to the publisher as it is; one that was there before is removed. */
  async addSubscriber(initialCopy: InitialCopy): Promise<Addition> {
    await this.removeSubscriber();
    await this.onPublisher((client) => client.query("checkpoint"));
    const whole = await this.up(initialCopy);
    const { milliseconds } = await this.project.stack.output<{ readonly milliseconds: number }>("verification");
    return { whole, verification: milliseconds };
  }

  private async up(initialCopy: InitialCopy): Promise<number> {
    const [publisherPort, subscriberPort] = this.project.place.ports;
    const config = {
      "postgres-cluster:mode": "logical",
      "postgres-cluster:nodes": [
        { name: publisher, port: publisherPort },
        { name: subscriber, port: subscriberPort },
      ],
      "postgres-cluster:primary": publisher,
      "postgres-cluster:schema": [schemaFile],
      "postgres-cluster:publications": [{ name: "everything", allTables: true }],
      "postgres-cluster:initialCopy": initialCopy,
    };
    await this.project.configure(stringify({ config }));
    return (await this.project.npm("up")).milliseconds;
  }

  /** As if it had never been there: no container, no data, and no slot. */
  private async removeSubscriber(): Promise<void> {
    const container = this.project.container(subscriber);
    if ((await new NodeContainer(container).inspect()) !== undefined) {
      await new Docker().getContainer(container).remove({ force: true });
    }
    await removeVolumes([`${container}-data`]);
    const onTimeout = () => new Error(`the slot ${slot} of the removed subscriber stays in use`);
    await this.onPublisher((client) => dropIdleSlot(client, slot, { timeout: 60_000, onTimeout }));
  }

  private onPublisher<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    return withConnection(new NodeContainer(this.project.container(publisher)), work, "app");
  }
}

async function sizeNow(client: pg.Client): Promise<number> {
  return (await client.query<{ bytes: number }>(shopSize)).rows[0]!.bytes;
}
