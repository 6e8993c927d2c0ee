import { expect, test } from "vitest";
import { plannedImage, portPublished, serverRunning } from "../../../../operations/verify/containers.ts";
import { describeCheck } from "../support/describeCheck.ts";
import { all, type Fault, failures, node, volumes } from "../support/evidence.ts";

const noServer = { server: undefined, serverError: "connection refused" };

describeCheck(serverRunning, [
  {
    fault: "a container is gone",
    evidence: node("pg-2", { container: "absent", volumes: undefined, ...noServer }),
    on: "pg-2",
    says: /container is gone/,
    remedy: /npm run up -- --stack test --refresh/,
  },
  {
    fault: "a container is stopped",
    evidence: node("pg-2", { container: "stopped", volumes: undefined, ...noServer }),
    on: "pg-2",
    says: /container is stopped/,
    remedy: /docker start test-pg-2/,
  },
  {
    fault: "a node is fenced",
    evidence: all(volumes("pg-2", { fence: "lost a failover" }), node("pg-2", noServer)),
    on: "pg-2",
    says: /fenced: lost a failover/,
    remedy: /./,
  },
  {
    fault: "a server does not answer",
    evidence: node("pg-3", noServer),
    on: "pg-3",
    says: /connection refused/,
    remedy: /docker logs .*test-pg-3/,
  },
]);

const older = "sha256:fedcba9876543210fedcba9876543210";

describeCheck(plannedImage, [
  {
    fault: "one node runs an older image",
    evidence: node("pg-2", { imageId: older }),
    on: "pg-2",
    says: /image fedcba987654, planned is 0123456789ab/,
    remedy: /npm run up -- --stack test --refresh/,
  },
]);

test("all nodes run an older image: found where the plan's is known, and else at least that they differ", () => {
  const everywhere = all(...["pg-1", "pg-2", "pg-3"].map((name) => node(name, { imageId: older })));
  expect(failures(plannedImage, { evidence: everywhere }).map(({ node }) => node)).toEqual(["pg-1", "pg-2", "pg-3"]);
  const unknown: Fault = ({ desired: { imageId: _, ...desired }, ...evidence }) => ({ ...evidence, desired });
  expect(failures(plannedImage, { evidence: (evidence) => unknown(everywhere(evidence)) })).toEqual([]);
  expect(
    failures(plannedImage, { evidence: (evidence) => unknown(node("pg-3", { imageId: older })(evidence)) }),
  ).toHaveLength(1);
});

describeCheck(portPublished, [
  {
    fault: "published on all addresses",
    evidence: node("pg-1", { published: "0.0.0.0:5432" }),
    on: "pg-1",
    says: /published on 0\.0\.0\.0:5432, planned is 127\.0\.0\.1:5432/,
    remedy: /npm run up -- --stack test/,
  },
  {
    fault: "not published at all",
    evidence: node("pg-3", { published: undefined }),
    on: "pg-3",
    says: /published on no port, planned is 127\.0\.0\.1:5434/,
    remedy: /npm run up -- --stack test/,
  },
]);
