import type { Faults } from "./faults.ts";
import type { NodeParameters } from "./nodeParameters.ts";
import { type Report, reporter } from "./report.ts";

const MB = 1024 ** 2;

/** What the parameters of one node have to agree with. */
export interface Surroundings {
  /** The container's limit in bytes, and where it was set. */
  readonly memory: number;
  readonly memoryPath: string;
}

/** Finds combinations with which a node would not start. Each value by itself is valid by now. */
export function checkInteractions(node: NodeParameters, surroundings: Surroundings, faults: Faults): void {
  checkProcesses(node, reporter(node, faults));
  checkSharedMemory(node, surroundings, faults);
}

const reserved = ["superuser_reserved_connections", "reserved_connections"];

const processes = ["max_connections", "autovacuum_max_workers", "max_worker_processes", "max_wal_senders"];

/** PostgreSQL numbers its processes with 18 bits (MAX_BACKENDS); the autovacuum launcher is one of them. */
const maxProcesses = 2 ** 18 - 2;

function checkProcesses(node: NodeParameters, report: Report): void {
  const kept = node.sum(reserved);
  if (kept >= node.number("max_connections")) {
    const problem = `leaves no connection for users: ${kept} of ${node.text("max_connections")} are reserved`;
    report(["max_connections", ...reserved], problem, `max_connections greater than ${reserved.join(" + ")}`);
  }
  if (node.sum(processes) > maxProcesses) {
    report(processes, "is more processes than PostgreSQL can number", `${processes.join(" + ")} up to ${maxProcesses}`);
  }
}

/** Refuses what certainly does not fit; the largest part is named. */
function checkSharedMemory(node: NodeParameters, { memory, memoryPath }: Surroundings, faults: Faults): void {
  const parts = sharedMemory(node);
  const needed = Object.values(parts).reduce((sum, bytes) => sum + bytes, 0);
  if (needed < memory) return;
  const problem = `${Math.ceil(needed / MB)}MB of shared memory do not fit into the container's ${memory / MB}MB`;
  const [largest = ""] = Object.entries(parts).sort(([, a], [, b]) => b - a)[0] ?? [];
  if (node.isSet(largest)) {
    const allowed = "less than resources.memory; a quarter of it is usual for shared_buffers";
    faults.add({ path: node.pathOf(largest), value: node.text(largest), problem, allowed });
  } else {
    faults.add({
      path: memoryPath,
      value: `${memory / MB}MB`,
      problem,
      allowed: `more than ${Math.ceil(needed / MB)}MB`,
    });
  }
}

/** Bytes of shared memory that the server asks for at its start, at the least, by the parameter that can make them many. */
function sharedMemory(node: NodeParameters) {
  const block = 8192;
  const transactions = node.sum([...processes, "max_prepared_transactions"]);
  return {
    shared_buffers: node.number("shared_buffers") * block,
    wal_buffers: Math.max(0, node.number("wal_buffers")) * block,
    min_dynamic_shared_memory: node.number("min_dynamic_shared_memory") * MB,
    // A lock takes some 400 bytes (measured); less is assumed, so that nothing is refused that would start.
    max_locks_per_transaction: node.number("max_locks_per_transaction") * transactions * 300,
  };
}
