import { onePrimary, sameSystemIdentifier, sameTimeline } from "../../../../operations/verify/topology.ts";
import { describeCheck } from "../support/describeCheck.ts";
import { all, node, server } from "../support/evidence.ts";

describeCheck(onePrimary, [
  {
    fault: "a standby was promoted",
    evidence: server("pg-2", { inRecovery: false }),
    says: /pg-2 accepts writes, but the declared primary is pg-1/,
    remedy: /stop writing to pg-2/,
  },
  {
    fault: "a standby was promoted in place of the primary, which is down",
    evidence: all(server("pg-2", { inRecovery: false }), node("pg-1", { server: undefined })),
    says: /pg-2 accepts writes/,
    remedy: /stop writing to pg-2/,
  },
  {
    fault: "the primary is down",
    evidence: node("pg-1", { server: undefined }),
    says: /no node accepts writes; the declared primary is pg-1/,
    remedy: /server-running/,
  },
  {
    fault: "the primary is in recovery",
    evidence: server("pg-1", { inRecovery: true }),
    says: /no node accepts writes/,
    remedy: /./,
  },
]);

describeCheck(sameSystemIdentifier, [
  {
    fault: "a node of another cluster",
    evidence: server("pg-3", { systemIdentifier: "42" }),
    on: "pg-3",
    says: /system identifier 42, but the primary's is 7000000000000000001/,
    remedy: /save rows/,
  },
]);

describeCheck(sameTimeline, [
  {
    fault: "a standby on another timeline",
    evidence: server("pg-2", { timeline: 2 }),
    on: "pg-2",
    says: /timeline 2, but the primary's is 1/,
    remedy: /save rows/,
  },
]);
