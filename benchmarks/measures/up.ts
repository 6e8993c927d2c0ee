import type { UpContestants } from "../contestants/upContestants.ts";
import type { Measure } from "../runner/measure.ts";

/** From nothing (no container, no volume, no network) to a verified cluster; toolchain and image are there. */
export const up: Measure<UpContestants> = {
  id: "up",
  title: "nothing → three-node quorum cluster (ours verified, compose streaming)",
  unit: "s",
  targets: [
    { of: "npm run up", over: "compose", atMost: 1.15 },
    { of: "pulumi up", over: "compose", atMost: 1.15 },
  ],
  async contestants({ ours, compose }) {
    // Warm-up of both: compiled code, page cache, and the image.
    await ours.present();
    const image = await ours.image();
    await ours.absent();
    await compose.up(image);
    const fromNothing = (name: string, milliseconds: () => Promise<number>) => ({
      async run() {
        await compose.absent(image);
        await ours.absent();
        return { [name]: (await milliseconds()) / 1000 };
      },
    });
    return [
      fromNothing("npm run up", async () => (await ours.upByNpm()).milliseconds),
      fromNothing("compose", () => compose.up(image)),
      fromNothing("pulumi up", async () => (await ours.upByPulumi()).milliseconds),
    ];
  },
};
