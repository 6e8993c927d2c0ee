import type { Check } from "./check.ts";
import { fail, pass, primaryOf } from "./check.ts";

/** A commit that came back was flushed by as many standbys as the plan wants: measured, not read from a setting. */
export const canary: Check = {
  id: "quorum-commit",
  examine: ({ desired, probes }) => {
    const { synchronous, primary } = desired.plan;
    if (synchronous === undefined || probes.marker === undefined || probes.marker.error !== undefined) return [];
    const { lsn, commitMilliseconds, warning } = probes.marker;
    const names = new Set(desired.plan.nodes.map(({ applicationName }) => applicationName));
    const flushedBy = probes.marker.flushedBy.filter((name) => names.has(name));
    if (warning !== undefined) {
      return [
        fail(`the commit was not confirmed within ${probes.bound} ms: ${warning}`, "see streaming and sync-state"),
      ];
    }
    if (flushedBy.length < synchronous.number) {
      return [
        fail(
          `a commit came back after ${flushedBy.length} of ${synchronous.number} standbys had flushed it (${flushedBy.join(", ") || "none"})`,
          `compare synchronous_standby_names and synchronous_commit on ${primary} with the plan`,
        ),
      ];
    }
    return [pass(`commit at ${lsn} flushed by ${flushedBy.join(", ")} in ${commitMilliseconds.toFixed(1)} ms`)];
  },
};

/** As it is stored, so in the spelling of whoever set it: a standby has flushed the commit before it comes back. */
const confirmed = /^synchronous_commit='?(on|remote_apply|true|yes|1)'?$/i;

/** Settings of a role or database that let commits return before the quorum has them. */
export const bypassedQuorum: Check = {
  id: "quorum-bypass",
  examine: (evidence) => {
    const server = primaryOf(evidence)?.server;
    if (evidence.desired.plan.synchronous === undefined || server === undefined) return [];
    const found = server.roleSettings.flatMap(({ role, database, settings }) =>
      settings
        .filter((setting) => /^synchronous_commit=/.test(setting) && !confirmed.test(setting))
        .map((setting) => ({ setting, role: role === "-" ? null : role, database })),
    );
    if (found.length === 0) return [pass("no role or database sets synchronous_commit aside")];
    return found.map(({ setting, role, database }) => {
      const target = targetOf(role, database);
      return fail(
        `${target} has ${setting}: its commits are acknowledged before a standby has them`,
        `ALTER ${target} RESET synchronous_commit;`,
      );
    });
  },
};

/** As ALTER names it; a setting for neither a role nor a database is one for all roles. */
function targetOf(role: string | null, database: string | null): string {
  if (role === null && database !== null) return `DATABASE ${database}`;
  return `ROLE ${role ?? "ALL"}${database === null ? "" : ` IN DATABASE ${database}`}`;
}
