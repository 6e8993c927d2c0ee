import type { Check, Evidence } from "./check.ts";
import { eachServer, fail, pass, primaryOf } from "./check.ts";

export const onePrimary: Check = {
  id: "one-primary",
  examine: (evidence) => {
    const { primary } = evidence.desired.plan;
    const running = evidence.observed.nodes.filter(({ server }) => server !== undefined);
    const writable = running.filter(({ server }) => !server!.inRecovery).map(({ name }) => name);
    if (writable.length === 1 && writable[0] === primary) return [pass(`${primary} alone accepts writes`)];
    const stray = writable.filter((name) => name !== primary);
    if (stray.length > 0) {
      return [
        fail(
          `${stray.join(", ")} accepts writes, but the declared primary is ${primary}`,
          `stop writing to ${stray.join(", ")} at once and stop its container; save rows that only it has, then remove its data volume and run \`up\`: it will be cloned again`,
        ),
      ];
    }
    return [fail(`no node accepts writes; the declared primary is ${primary}`, "see server-running")];
  },
};

export const sameSystemIdentifier: Check = {
  id: "system-identifier",
  examine: (evidence) => same(evidence, "system identifier", (server) => server.systemIdentifier),
};

export const sameTimeline: Check = {
  id: "timeline",
  examine: (evidence) => same(evidence, "timeline", (server) => String(server.timeline)),
};

function same(
  evidence: Evidence,
  what: string,
  of: (server: NonNullable<Evidence["observed"]["nodes"][number]["server"]>) => string,
) {
  const expected = primaryOf(evidence)?.server;
  if (expected === undefined) return [];
  return eachServer(evidence, ({ name, server }) =>
    of(server) === of(expected)
      ? pass(`${what} ${of(server)}`, name)
      : fail(
          `${what} ${of(server)}, but the primary's is ${of(expected)}: it has a history of its own`,
          "save rows that only it has, then remove its container and data volume and run `up` with --refresh: it will be cloned again",
          name,
        ),
  );
}
