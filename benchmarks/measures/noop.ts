import type { UpContestants } from "../contestants/upContestants.ts";
import type { Measure } from "../runner/measure.ts";

/** An `up` that finds nothing to do. */
export const noop: Measure<UpContestants> = {
  id: "noop",
  title: "no-op pulumi up --skip-preview",
  unit: "s",
  targets: [{ of: "pulumi up", over: "bare program", atMost: 1.3 }],
  async contestants({ ours, bare }) {
    await ours.present();
    await bare.present();
    compareResources(await ours.resources(), await bare.resources());
    const contestants = [
      { name: "pulumi up", up: () => ours.upByPulumi() },
      { name: "bare program", up: () => bare.up() },
    ];
    for (const { up } of contestants) await up(); // warm-up; the first one after a create may still settle something
    return contestants.map(({ name, up }) => ({ run: async () => ({ [name]: (await up()).milliseconds / 1000 }) }));
  },
};

/** The comparison is worth nothing once our program has other resources than the bare one. */
function compareResources(ours: readonly string[], bare: readonly string[]): void {
  const types = [...new Set([...ours, ...bare])].sort();
  const count = (resources: readonly string[], type: string) => resources.filter((each) => each === type).length;
  const different = types.filter((type) => count(ours, type) !== count(bare, type));
  if (different.length === 0) return;
  const lines = different.map((type) => `  ${type}: ours ${count(ours, type)}, bare ${count(bare, type)}`);
  throw new Error(`benchmarks/bare/index.ts no longer has the resources of our program:\n${lines.join("\n")}`);
}
