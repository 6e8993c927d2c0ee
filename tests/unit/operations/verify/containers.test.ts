import { portPublished, sameImage, serverRunning } from "../../../../operations/verify/containers.ts";
import { describeCheck } from "../support/describeCheck.ts";
import { all, node, volumes } from "../support/evidence.ts";

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

describeCheck(sameImage, [
  {
    fault: "one node runs an older image",
    evidence: node("pg-2", { imageId: "sha256:fedcba9876543210fedcba9876543210" }),
    says: /different images: pg-1 0123456789ab, pg-2 fedcba987654/,
    remedy: /npm run up -- --stack test/,
  },
]);

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
