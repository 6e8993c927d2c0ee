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
      if (volumes?.fence !== undefined) return fail(`it is fenced: ${volumes.fence}`, "see the reason", name);
      if (server === undefined) {
        return fail(serverError ?? "no answer", `look at its log: docker logs --tail 50 ${stack}-${name}`, name);
      }
      return pass("accepts connections", name);
    }),
};

export const sameImage: Check = {
  id: "image",
  examine: ({ observed, desired }) => {
    const images = new Set(observed.nodes.flatMap(({ imageId }) => imageId ?? []));
    if (images.size <= 1) return [pass("every node runs the same image")];
    const found = observed.nodes.map(({ name, imageId }) => `${name} ${imageId?.slice(7, 19)}`).join(", ");
    return [fail(`the nodes run different images: ${found}`, `npm run up -- --stack ${desired.plan.stack} --refresh`)];
  },
};

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
