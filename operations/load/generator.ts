import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { Desired } from "../desired.ts";
import type { NodeContainer } from "../docker.ts";
import { type GeneratorJob, generatorDirectory, generatorFiles, positionOf } from "./generatorFiles.ts";
import type { LoadTally } from "./loadTally.ts";
import { parseComplaint, parseTransaction } from "./pgbenchOutput.ts";

/** Milliseconds from the interruption until pgbench has ended and all of its output has arrived. */
const endsWithin = 5_000;

/**
 * Runs a job in the container with pgbench and tells `tally` of each transaction as it ends: pgbench's log goes to a terminal, because
 * only there it is written line by line. What was acknowledged is known to the last row, also when the load is cut short.
 */
export async function generateLoad(
  container: NodeContainer,
  desired: Desired,
  job: GeneratorJob,
  tally: LoadTally,
  interrupted: AbortSignal,
): Promise<void> {
  const directory = generatorDirectory(job);
  if (interrupted.aborted) return;
  await container.putFiles("/", generatorFiles(desired, job));
  const terminal = ["socat", "-d0", "-u", `EXEC:${directory}/pgbench,pty,rawer`, "STDOUT"];
  const { stream, output, errors } = await container.open(terminal);
  const stop = () => {
    setTimeout(() => stream.destroy(), endsWithin).unref();
    // It may have ended by itself at this very moment.
    container.exec(["sh", "-c", `kill -INT "$(cat ${directory}/pid)"`]).catch(() => stream.destroy());
  };
  interrupted.addEventListener("abort", stop);
  if (interrupted.aborted) stop(); // while it was started
  try {
    await Promise.all([
      eachLine(output, (line) => countTransaction(line, job, tally)),
      eachLine(errors, (line) => countComplaint(line, tally)),
    ]);
  } finally {
    interrupted.removeEventListener("abort", stop);
  }
  const known = tally.acknowledged + tally.failed + tally.unconfirmed;
  if (known < job.transactions && tally.errors.size === 0 && !interrupted.aborted) {
    tally.complain(`pgbench ended after ${known} of ${job.transactions} transactions and did not say why`);
  }
}

async function eachLine(input: Readable, take: (line: string) => void): Promise<void> {
  for await (const line of createInterface({ input })) take(line);
}

function countTransaction(line: string, { clients, transactions }: GeneratorJob, tally: LoadTally): void {
  const logged = parseTransaction(line);
  if (logged === undefined || positionOf(logged.client, logged.turn, clients) > transactions) return;
  if (logged.microseconds === undefined) tally.failed++;
  else tally.done(logged.microseconds, logged.endedAt);
}

function countComplaint(line: string, tally: LoadTally): void {
  const complaint = parseComplaint(line);
  if (complaint === undefined) return;
  tally.complain(complaint.text);
  if (complaint.kind === "failed") tally.failed++;
  if (complaint.kind === "unconfirmed") tally.withoutConfirmation();
}
