import type { Check } from "./check.ts";
import { fail, pass } from "./check.ts";

export const serverRunning: Check = {
  id: "server-running",
  examine: ({ observed, desired }) =>
    observed.nodes.map(({ name, container, server, serverError, volumes }) => {
      const { stack } = desired.plan;
      if (container === "absent") {
        return fail("its container is gone", `run \`npm run up -- --stack ${stack} --refresh\``, name);
      }
      if (container === "stopped") return fail("its container is stopped", `docker start ${stack}-${name}`, name);
      if (container === "paused") return fail("its container is paused", `docker unpause ${stack}-${name}`, name);
      if (container === "restarting") {
        return fail(
          "its container restarts again and again: its server does not start",
          `its log says why: docker logs --tail 50 ${stack}-${name}; then run \`npm run up -- --stack ${stack}\``,
          name,
        );
      }
      if (volumes?.fence !== undefined) return fail(`it is fenced: ${volumes.fence}`, "see the reason", name);
      if (server === undefined) {
        return fail(serverError ?? "no answer", `look at its log: docker logs --tail 50 ${stack}-${name}`, name);
      }
      return pass("accepts connections", name);
    }),
};

export const plannedImage: Check = {
  id: "image",
  examine: ({ observed, desired }) => {
    const running = observed.nodes.flatMap(({ name, imageId }) => (imageId === undefined ? [] : { name, imageId }));
    const expected = desired.imageId ?? running[0]?.imageId;
    return running.map(({ name, imageId }) => {
      if (imageId === expected) return pass(`runs image ${shortId(imageId)}`, name);
      return fail(
        `runs image ${shortId(imageId)}, planned is ${shortId(expected ?? "")}`,
        `npm run up -- --stack ${desired.plan.stack} --refresh`,
        name,
      );
    });
  },
};

/** As `docker images` shows it. */
function shortId(imageId: string): string {
  return imageId.replace(/^sha256:/, "").slice(0, 12);
}

export const portPublished: Check = {
  id: "port",
  examine: ({ observed, desired }) =>
    observed.nodes.flatMap(({ name, container, published }) => {
      if (container === "absent") return [];
      const { publishAddress, port } = desired.nodes[name]!.plan;
      const expected = `${publishAddress}:${port}`;
      if (published === expected) return [pass(`published on ${expected}`, name)];
      return [
        fail(
          `published on ${published ?? "no port"}, planned is ${expected}`,
          `npm run up -- --stack ${desired.plan.stack} --refresh`,
          name,
        ),
      ];
    }),
};
