import { X509Certificate } from "node:crypto";
import { superuser } from "../../configs/roles.ts";
import type { ObservedServer } from "../observed.ts";
import { missingFromDatabase } from "../roles.ts";
import type { Check, Evidence, Finding } from "./check.ts";
import { eachServer, fail, pass, primaryOf, runUp } from "./check.ts";

const allowedMethods = new Set(["peer", "scram-sha-256", "reject"]);
const millisecondsPerDay = 86_400_000;

/** What the server applies, not what a file says. */
export const hostBasedAuthentication: Check = {
  id: "pg-hba",
  examine: (evidence) =>
    eachServer(evidence, ({ name, server }) => {
      const broken = server.hbaRules.filter(({ error }) => error !== null);
      if (broken.length > 0) return fail(`line ${broken[0]!.line}: ${broken[0]!.error}`, runUp(evidence), name);
      const weak = server.hbaRules.filter(({ method }) => !allowedMethods.has(method));
      if (weak.length > 0) {
        const found = weak.map(({ line, method }) => `line ${line}: ${method}`).join(", ");
        return fail(`logs in without SCRAM: ${found}`, runUp(evidence), name);
      }
      const plain = server.hbaRules.filter(
        ({ type, method }) => method !== "reject" && (type === "host" || type === "hostnossl"),
      );
      if (plain.length > 0) return fail(`line ${plain[0]!.line} lets clients in without TLS`, runUp(evidence), name);
      return pass(`${server.hbaRules.length} rules: peer, scram-sha-256 over TLS, reject`, name);
    }),
};

/** Where roles are made: standbys have the primary's, subscribers their own. */
export const roleAttributes: Check = {
  id: "roles",
  examine: (evidence) => {
    if (evidence.desired.plan.logical !== undefined) {
      return eachServer(evidence, ({ name, server }) => examineRoles(evidence, server, name));
    }
    const primary = primaryOf(evidence);
    if (primary?.server === undefined) return [];
    // What holds for the primary holds for its standbys.
    const { node: _, ...finding } = examineRoles(evidence, primary.server, primary.name);
    return [finding];
  },
};

function examineRoles(evidence: Evidence, server: ObservedServer, node: string): Finding {
  const missing = missingFromDatabase(evidence.desired, node, server);
  if (missing.length > 0) return fail(`missing or with another password: ${missing.join(", ")}`, runUp(evidence), node);
  const superusers = server.roles.filter((role) => role.superuser && role.login && role.name !== superuser);
  if (superusers.length > 0) {
    const names = superusers.map(({ name }) => name).join(", ");
    return fail(
      `superuser that can log in over the network: ${names}`,
      `ALTER ROLE ${superusers[0]!.name} NOSUPERUSER;`,
      node,
    );
  }
  return pass("roles, passwords and database are as planned; no superuser over the network", node);
}

/** Through the published port, as an application would. */
export const clients: Check = {
  id: "client",
  examine: ({ probes, desired }) =>
    Object.entries(probes.clients).flatMap(([name, client]) => {
      const { publishAddress, port } = desired.nodes[name]!.plan;
      const endpoint = `${publishAddress}:${port}`;
      if (client.error !== undefined) {
        return [fail(`${desired.plan.owner} can't log in on ${endpoint}: ${client.error}`, "see the reason", name)];
      }
      if (client.withoutTls !== "refused") {
        return [fail(`${endpoint} lets clients in without TLS`, "see pg-hba of this node", name)];
      }
      if (client.withWrongPassword !== "refused") {
        return [fail(`${endpoint} lets clients in with any password`, "see pg-hba of this node", name)];
      }
      const standby = desired.nodes[name]!.plan.role === "standby";
      if (standby && client.write !== "refused") {
        return [fail(`${endpoint} accepts a write on a standby`, "see one-primary", name)];
      }
      if (!standby && client.write !== "accepted") {
        return [
          fail(
            `${endpoint} refuses a write on the ${desired.nodes[name]!.plan.role}: ${client.writeError}`,
            "see the reason",
            name,
          ),
        ];
      }
      return [
        pass(
          `${endpoint}: ${client.tls}, SCRAM, write ${client.write}; refused without TLS and with a wrong password`,
          name,
        ),
      ];
    }),
};

export const certificates: Check = {
  id: "certificate",
  examine: ({ desired, now }) =>
    desired.plan.nodes.map(({ name }) => {
      const certificate = new X509Certificate(desired.nodes[name]!.files["tls/server.crt"]!);
      const days = Math.floor((Date.parse(certificate.validTo) - now) / millisecondsPerDay);
      if (days >= 0) return pass(`valid for ${days} days`, name);
      return fail(`expired on ${certificate.validTo}`, `npm run up -- --stack ${desired.plan.stack} --refresh`, name);
    }),
};
