import { randomBytes } from "node:crypto";
import { UserError } from "../../configs/userError.ts";
import type { Desired } from "../desired.ts";
import { until } from "../until.ts";
import { type LagSample, sampleLag } from "./lagSamples.ts";
import { type ProbedNode, probeNode } from "./probeNode.ts";
import { type ReadWriteSession, readWriteSession } from "./readWriteSession.ts";
import type { RowOutcome } from "./rowOutcome.ts";
import { accountFor, type Mark, type WitnessAccount, type WitnessHistory } from "./witnessAccount.ts";
import { WitnessTables } from "./witnessTables.ts";
import { cut, WitnessTarget } from "./witnessTarget.ts";
import { writeRows } from "./writeRows.ts";
import type { WrittenRow } from "./writtenRow.ts";

export interface WitnessOptions {
  /** The cluster as it was applied: modes async and quorum. */
  readonly desired: Desired;
  /** Concurrent writers. */
  readonly clients?: number;
  /** Rows a second in all; without it as many as there can be. */
  readonly rate?: number;
  /** Milliseconds from one write that is tried on each node to the next. */
  readonly probeInterval?: number;
  /** Milliseconds from one look at the lag to the next. */
  readonly lagInterval?: number;
  /** Milliseconds for a connection; and for an answer, after which a row is indeterminate and its connection given up. */
  readonly connectWithin?: number;
  readonly answerWithin?: number;
}

const defaults = {
  clients: 8,
  rate: Number.POSITIVE_INFINITY,
  probeInterval: 10,
  lagInterval: 250,
  connectWithin: 1_000,
  answerWithin: 5_000,
} satisfies Omit<Required<WitnessOptions>, "desired">;

/** Milliseconds for a node to accept writes: before the witness begins, and when it accounts for what it saw, after who knows what. */
const beginsWithin = 10_000;
const accountsWithin = 30_000;

/**
 * Starts clients that write numbered rows over the published ports wherever writes are accepted, and account for each; and probes that
 * try a write on every node by itself. It has begun when every client is connected. Throws a UserError where no node accepts writes.
 */
export async function startWitness({ desired, ...options }: WitnessOptions): Promise<Witness> {
  if (desired.plan.logical !== undefined) {
    throw new UserError(
      `Stack ${desired.plan.stack} has mode logical, where every node accepts writes. A witness is for modes async and quorum.`,
    );
  }
  const settings = { ...defaults, ...options };
  const tables = new WitnessTables(randomBytes(4).toString("hex"));
  const target = new WitnessTarget(desired, tables.applicationName, settings);
  await onPrimary(target, beginsWithin, "The witness cannot begin", ({ client }) => tables.create(client));
  const bound = AbortSignal.timeout(beginsWithin);
  const sessions = await Promise.all(Array.from({ length: settings.clients }, () => readWriteSession(target, bound)));
  const connected = sessions.filter((session) => session !== undefined);
  if (connected.length < settings.clients) {
    await onPrimary(target, beginsWithin, "The witness cannot remove its tables", ({ client }) => tables.drop(client));
    throw new UserError(
      `The witness cannot begin: ${connected.length} of ${settings.clients} clients could be connected.${said(target)}`,
    );
  }
  target.errors.clear(); // what it took to find the primary is no part of the story
  return new Witness(settings, target, tables, connected);
}

/** Writers and probes at work. Whoever starts one stops it, or disposes of it: both leave nothing in the database. */
export class Witness implements AsyncDisposable {
  private readonly settings: Required<Omit<WitnessOptions, "desired">>;
  private readonly target: WitnessTarget;
  private readonly tables: WitnessTables;
  private readonly ending = new AbortController();
  private readonly began = performance.now();
  private readonly written: WrittenRow[] = [];
  private readonly counts = { acknowledged: 0, failed: 0, indeterminate: 0 };
  /** When the youngest of the acknowledged rows was sent. */
  private lastSent = Number.NEGATIVE_INFINITY;
  private readonly probes: Record<string, ProbedNode> = {};
  private readonly lag: LagSample[] = [];
  private readonly marks: Mark[] = [];
  private readonly work: Promise<void>[] = [];
  /** What goes with the cluster's present nodes. */
  private watching = new AbortController();
  private stopped = false;

  constructor(
    settings: Required<Omit<WitnessOptions, "desired">>,
    target: WitnessTarget,
    tables: WitnessTables,
    sessions: readonly ReadWriteSession[],
  ) {
    this.settings = settings;
    this.target = target;
    this.tables = tables;
    const interval = (settings.clients * 1000) / settings.rate;
    const written = (row: WrittenRow) => this.note(row);
    for (const [client, session] of sessions.entries()) {
      const writer = { client, target, session, insert: tables.insertRow, interval };
      this.begin(writeRows({ ...writer, now: this.now, written }, this.ending.signal));
    }
    this.watchNodes();
  }

  /** Milliseconds since it began. */
  readonly now = (): number => performance.now() - this.began;

  /** Rows so far, by what became of them. */
  get soFar(): Readonly<Record<RowOutcome, number>> {
    return this.counts;
  }

  /** The last look at all nodes; undefined before the first. */
  get latestLook(): LagSample | undefined {
    return this.lag.at(-1);
  }

  /** Puts what happens now into the account. */
  mark(text: string): void {
    this.marks.push({ at: this.now(), text });
  }

  /** The cluster has been changed: from now on new connections go by this, and its nodes are the ones that are probed. */
  follow(desired: Desired): void {
    this.target.desired = desired;
    this.watchNodes();
  }

  /** Was a row acknowledged that was sent after this moment (as now() tells it)? */
  acknowledgedSince(moment: number): boolean {
    return this.lastSent > moment;
  }

  /** Waits until a row is acknowledged that was sent after this call; milliseconds that took. Throws after `timeout` milliseconds. */
  async writesAccepted(timeout: number): Promise<number> {
    const asked = this.now();
    await until(async () => (this.acknowledgedSince(asked) ? true : undefined), {
      timeout,
      interval: 5,
      onTimeout: () => new UserError(`No write was acknowledged within ${timeout / 1000} s.${said(this.target)}`),
    });
    return this.now() - asked;
  }

  /**
   * Ends the writers and the probes, reads the rows from the node that accepts writes, and removes them. Throws a UserError where none does;
   * then what is left is removed by the next witness.
   */
  async stop(): Promise<WitnessAccount> {
    const end = this.now();
    await this.end();
    this.stopped = true;
    const { target, tables } = this;
    return onPrimary(target, accountsWithin, "The witness cannot account for its rows", async ({ client, node }) => {
      const found = await tables.read(client);
      // The account is worth more than that the tables are gone at once.
      await tables.drop(client).catch((error) => target.complain(node, error));
      return accountFor(this.historyUntil(end), found, node);
    });
  }

  /** As stop, without an account. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.stopped) return;
    await this.end();
    this.stopped = true;
    await onPrimary(this.target, accountsWithin, "The witness cannot remove its tables", ({ client }) =>
      this.tables.drop(client),
    );
  }

  private historyUntil(end: number): WitnessHistory {
    const { settings, written, probes, lag, marks } = this;
    const errors = [...this.target.errors].map(([text, count]) => ({ text, count }));
    return { clients: settings.clients, end, written, probes, lag, marks, errors };
  }

  private async end(): Promise<void> {
    this.ending.abort();
    this.watching.abort();
    await Promise.all(this.work);
  }

  /** That it went wrong is told by the end. */
  private begin(work: Promise<void>): void {
    work.catch(() => {});
    this.work.push(work);
  }

  private note(row: WrittenRow): void {
    this.written.push(row);
    this.counts[row.outcome]++;
    if (row.outcome === "acknowledged") this.lastSent = Math.max(this.lastSent, row.sentAt);
  }

  private watchNodes(): void {
    this.watching.abort();
    this.watching = new AbortController();
    const { target, tables, settings, watching, now } = this;
    for (const node of target.nodes) {
      this.probes[node] ??= { accepted: [], refused: 0, unanswered: 0 };
      const probe = { target, node, insert: tables.insertProbe, interval: settings.probeInterval, now };
      this.begin(probeNode(probe, this.probes[node], watching.signal));
    }
    const take = (sample: LagSample) => this.lag.push(sample);
    this.begin(sampleLag(target.desired.plan, settings.lagInterval, now, take, watching.signal));
  }
}

/** Runs `work` on a session of the node that accepts writes, once there is one. Throws a UserError when there is none in time. */
async function onPrimary<T>(
  target: WitnessTarget,
  within: number,
  failure: string,
  work: (session: ReadWriteSession) => Promise<T>,
) {
  const session = await readWriteSession(target, AbortSignal.timeout(within));
  if (session === undefined) {
    throw new UserError(`${failure}: no node accepts writes within ${within / 1000} s.${said(target)}`);
  }
  try {
    return await work(session);
  } catch (error) {
    throw new UserError(`${failure}: ${session.node}: ${(error as Error).message}`, { cause: error });
  } finally {
    cut(session.client);
  }
}

function said({ errors }: WitnessTarget): string {
  const lines = [...errors].map(([text, count]) => `\n  ${count > 1 ? `${count} × ` : ""}${text}`);
  return lines.length === 0 ? "" : ` What the nodes said:${lines.join("")}`;
}
