import type { UpContestants } from "../contestants/upContestants.ts";
import type { Measure } from "../runner/measure.ts";

/** `npm run status`, with `docker ps` to tell what one question to the Engine takes here. */
export const status: Measure<UpContestants> = {
  id: "status",
  title: "npm run status",
  unit: "ms",
  targets: [{ of: "npm run status", atMost: 1000 }],
  async contestants({ ours, run }) {
    await ours.present();
    const contestants = [
      { name: "npm run status", once: () => ours.status() },
      { name: "docker ps", once: () => run("docker", ["ps"]) },
    ];
    for (const { once } of contestants) await once(); // warm-up
    return contestants.map(({ name, once }) => ({ run: async () => ({ [name]: (await once()).milliseconds }) }));
  },
};
