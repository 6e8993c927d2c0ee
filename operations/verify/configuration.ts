import { hasLoadedConfiguration, runtimeText } from "../desired.ts";
import type { Check } from "./check.ts";
import { eachServer, fail, pass, runUp } from "./check.ts";

export const declaredFiles: Check = {
  id: "declared-files",
  examine: (evidence) =>
    evidence.observed.nodes.flatMap(({ name, volumes }) => {
      if (volumes === undefined) return [];
      const expected = evidence.desired.nodes[name]!.fileHashes;
      const paths = Object.keys(expected);
      const different = paths.filter((path) => volumes.fileHashes[path] !== expected[path]).sort();
      if (different.length === 0) return [pass(`${paths.length} files are as rendered`, name)];
      return [fail(`differs from what was rendered: ${different.join(", ")}`, runUp(evidence), name)];
    }),
};

export const runtimeFile: Check = {
  id: "runtime-file",
  examine: (evidence) =>
    evidence.observed.nodes.flatMap(({ name, volumes }) => {
      if (volumes === undefined) return [];
      const expected = runtimeText(evidence.desired, name, evidence.desired.plan.synchronousStandbyNames);
      if (volumes.runtime === expected) return [pass("is as planned", name)];
      return [fail("the runtime file differs from the plan", runUp(evidence), name)];
    }),
};

export const configurationLoaded: Check = {
  id: "configuration-loaded",
  examine: (evidence) =>
    eachServer(evidence, (node) => {
      const { name, server } = node;
      if (server.fileErrors.length > 0)
        return fail(server.fileErrors.join("; "), "correct the stack config, then run `up`", name);
      if (!hasLoadedConfiguration(node))
        return fail("the server has not loaded the configuration files since they were changed", runUp(evidence), name);
      if (server.pendingRestart.length > 0) {
        return fail(
          `waits for a restart: ${server.pendingRestart.map((each) => each.name).join(", ")}`,
          runUp(evidence),
          name,
        );
      }
      return pass("the server runs with the rendered configuration", name);
    }),
};

export const foreignSettings: Check = {
  id: "foreign-settings",
  examine: (evidence) =>
    eachServer(evidence, ({ name, server }) => {
      if (server.foreignSettings.length === 0) return pass("no parameter is set from elsewhere", name);
      const found = server.foreignSettings.map((each) => `${each.name} = ${each.value}`).join(", ");
      const reset = server.foreignSettings.map((each) => `ALTER SYSTEM RESET ${each.name};`).join(" ");
      return fail(
        `set by ALTER SYSTEM: ${found}`,
        `${reset} SELECT pg_reload_conf(); and put it into \`parameters\` of the stack config if it is wanted`,
        name,
      );
    }),
};
