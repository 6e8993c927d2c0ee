import type { Check } from "./check.ts";
import { eachServer, fail, pass, runUp } from "./check.ts";

export const checksums: Check = {
  id: "checksums",
  examine: (evidence) =>
    eachServer(evidence, ({ name, server }) => {
      if (server.settings.data_checksums !== "on") {
        return fail("data checksums are off", "stop the cluster and enable them with pg_checksums", name);
      }
      if (server.checksumFailures > 0) {
        return fail(
          `${server.checksumFailures} pages failed their checksum`,
          "the storage returns wrong data: replace it; clone a standby again, or fail over from a primary",
          name,
        );
      }
      return pass("on, no failure", name);
    }),
};

export const baseBackup: Check = {
  id: "base-backup",
  examine: (evidence) =>
    eachServer(evidence, ({ name, server, volumes }) => {
      if (!server.inRecovery || volumes?.data === undefined) return [];
      if (volumes.initialisedAt !== undefined) {
        return [pass(`no base backup: the cluster began here, ${volumes.initialisedAt}`, name)];
      }
      if (volumes.baseBackup === undefined) {
        return [
          fail(
            "no verified base backup is recorded for its data",
            `${runUp(evidence)} after removing its data volume`,
            name,
          ),
        ];
      }
      const { takenAt, bytes } = volumes.baseBackup;
      return [pass(`${(bytes / 1e6).toFixed(1)} MB, manifest verified, ${takenAt}`, name)];
    }),
};
