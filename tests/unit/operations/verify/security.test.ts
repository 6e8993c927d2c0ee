import { describe, expect, test } from "vitest";
import {
  certificates,
  clients,
  hostBasedAuthentication,
  roleAttributes,
} from "../../../../operations/verify/security.ts";
import { describeCheck } from "../support/describeCheck.ts";
import { client, type Fault, healthy, server } from "../support/evidence.ts";

const up = /npm run up -- --stack test/;

function rule(type: string, method: string, error: string | null = null): Fault {
  return (evidence) => {
    const { hbaRules } = evidence.observed.nodes[1]!.server!;
    return server("pg-2", { hbaRules: [...hbaRules, { line: 9, type, method, error }] })(evidence);
  };
}

describeCheck(hostBasedAuthentication, [
  { fault: "trust", evidence: rule("hostssl", "trust"), on: "pg-2", says: /line 9: trust/, remedy: up },
  { fault: "md5", evidence: rule("hostssl", "md5"), on: "pg-2", says: /line 9: md5/, remedy: up },
  {
    fault: "a line without TLS",
    evidence: rule("host", "scram-sha-256"),
    on: "pg-2",
    says: /line 9 .*without TLS/,
    remedy: up,
  },
  {
    fault: "a line only without TLS",
    evidence: rule("hostnossl", "scram-sha-256"),
    on: "pg-2",
    says: /line 9 .*without TLS/,
    remedy: up,
  },
  {
    fault: "a line that can't be read",
    evidence: rule("host", "", "invalid connection type"),
    on: "pg-2",
    says: /line 9: invalid connection type/,
    remedy: up,
  },
]);

function role(name: string, change: object): Fault {
  return (evidence) => {
    const { roles } = evidence.observed.nodes[0]!.server!;
    return server("pg-1", { roles: roles.map((each) => (each.name === name ? { ...each, ...change } : each)) })(
      evidence,
    );
  };
}

describeCheck(roleAttributes, [
  {
    fault: "another password",
    evidence: role("replicator", { password: "SCRAM-SHA-256$1:c2FsdA==$x:y" }),
    says: /role replicator/,
    remedy: up,
  },
  {
    fault: "a password in md5",
    evidence: role("app", { password: "md5d41d8cd98f00b204e9800998ecf8427e" }),
    says: /role app/,
    remedy: up,
  },
  { fault: "no password", evidence: role("monitor", { password: null }), says: /role monitor/, remedy: up },
  { fault: "may not log in", evidence: role("rewind", { login: false }), says: /role rewind/, remedy: up },
  {
    fault: "may not replicate",
    evidence: role("replicator", { replication: false }),
    says: /role replicator/,
    remedy: up,
  },
  { fault: "may replicate and should not", evidence: role("app", { replication: true }), says: /role app/, remedy: up },
  { fault: "was made superuser", evidence: role("app", { superuser: true }), says: /role app/, remedy: up },
  {
    fault: "the database is missing",
    evidence: server("pg-1", { databases: [{ name: "postgres", owner: "postgres" }] }),
    says: /database app/,
    remedy: up,
  },
  {
    fault: "another superuser can log in",
    evidence: (evidence) => {
      const { roles } = evidence.observed.nodes[0]!.server!;
      const mallory = { name: "mallory", superuser: true, login: true, replication: false, password: null };
      return server("pg-1", { roles: [...roles, mallory] })(evidence);
    },
    says: /mallory/,
    remedy: /ALTER ROLE mallory NOSUPERUSER/,
  },
]);

describeCheck(clients, [
  {
    fault: "the application can't log in",
    evidence: client("pg-1", { error: "certificate has expired" }),
    on: "pg-1",
    says: /app can't log in on 127\.0\.0\.1:5432: certificate has expired/,
    remedy: /./,
  },
  {
    fault: "in without TLS",
    evidence: client("pg-2", { withoutTls: "accepted" }),
    on: "pg-2",
    says: /without TLS/,
    remedy: /pg-hba/,
  },
  {
    fault: "in with any password",
    evidence: client("pg-3", { withWrongPassword: "accepted" }),
    on: "pg-3",
    says: /any password/,
    remedy: /pg-hba/,
  },
  {
    fault: "a standby takes a write",
    evidence: client("pg-3", { write: "accepted" }),
    on: "pg-3",
    says: /127\.0\.0\.1:5434 accepts a write on a standby/,
    remedy: /one-primary/,
  },
  {
    fault: "the primary refuses a write",
    evidence: client("pg-1", {
      write: "refused",
      writeError: "cannot execute CREATE SCHEMA in a read-only transaction",
    }),
    on: "pg-1",
    says: /refuses a write on the primary: cannot execute/,
    remedy: /./,
  },
]);

describe("certificate", () => {
  const day = 86_400_000;
  const end = Date.parse("2126-10-27T19:28:03Z");

  test.each([
    [-10 * day, true, /valid for 10 days/],
    [-1, true, /valid for 0 days/],
    [1, false, /expired on Oct 27 19:28:03 2126 GMT/],
  ])("%d ms after its end", (after, ok, detail) => {
    const found = certificates.examine({ ...healthy(), now: end + after });
    expect(found.map(({ node }) => node)).toEqual(["pg-1", "pg-2", "pg-3"]);
    for (const finding of found) expect(finding).toMatchObject({ ok, detail: expect.stringMatching(detail) });
  });
});
