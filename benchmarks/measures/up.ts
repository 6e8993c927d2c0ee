import type { Measure } from "../runner/measure.ts";

/** From nothing (no container, no volume, no network) to a verified cluster; toolchain and image are there. */
export const up: Measure = {
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
    const onlyOurs = async () => {
      await compose.absent(image);
      await ours.absent();
    };
    return [
      {
        name: "npm run up",
        async run() {
          await onlyOurs();
          return (await ours.upByNpm()).milliseconds / 1000;
        },
      },
      {
        name: "compose",
        async run() {
          await onlyOurs();
          return (await compose.up(image)) / 1000;
        },
      },
      {
        name: "pulumi up",
        async run() {
          await onlyOurs();
          return (await ours.upByPulumi()).milliseconds / 1000;
        },
      },
    ];
  },
};
