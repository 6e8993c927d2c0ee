import { type Check, eachServer, fail, pass } from "../check.ts";

/** In mode logical every node has data of its own, and accepts writes: none is anybody's standby. */
export const ownData: Check = {
  id: "own-data",
  examine: (evidence) =>
    eachServer(evidence, ({ name, server }) => {
      if (!server.inRecovery) return pass("accepts writes, on data of its own", name);
      return fail(
        "is in recovery: a standby, which cannot apply published changes",
        "see its log; a data volume of another mode has to be removed before `up` can set this node up",
        name,
      );
    }),
};
