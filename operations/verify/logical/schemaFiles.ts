import { logicalPlanOf } from "../../../configs/logicalPlan.ts";
import { type Check, eachServer, fail, pass, runUp } from "../check.ts";

/** Every declared schema file was applied on every node, as it is declared now. */
export const schemaFiles: Check = {
  id: "schema-files",
  examine: (evidence) => {
    const declared = logicalPlanOf(evidence.desired.plan).schemaFiles;
    return eachServer(evidence, ({ name, server }) => {
      if (server.logical === undefined) return [];
      const applied = new Map(server.logical.schemaFiles.map(({ path, sha256 }) => [path, sha256]));
      const missing = declared.filter(({ path }) => !applied.has(path)).map(({ path }) => path);
      if (missing.length > 0) return fail(`not applied: ${missing.join(", ")}`, runUp(evidence), name);
      const changed = declared.filter(({ path, sha256 }) => applied.get(path) !== sha256).map(({ path }) => path);
      if (changed.length === 0) return pass(`${declared.length} files are applied as declared`, name);
      return fail(
        `changed after it was applied: ${changed.join(", ")}`,
        "put the file back to what it was, and the change into a new file at the end of `schema`",
        name,
      );
    });
  },
};
