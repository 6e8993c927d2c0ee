/** Milliseconds of each part of the program, up to where its resources begin. */
export interface ProgramTimes {
  /** Importing @pulumi/pulumi, which every Pulumi program does: not ours. */
  readonly sdk: number;
  readonly modules: number;
  /** Config → validated spec. */
  readonly spec: number;
  /** Spec → plan, with every rendered file. */
  readonly plan: number;
}

// Run on its own, as the first thing that its process does.
const start = performance.now();
await import("@pulumi/pulumi");
const sdkLoaded = performance.now();
const { loadSpec } = await import("../../../configs/load.ts");
const { planCluster } = await import("../../../configs/plan.ts");
const modulesLoaded = performance.now();
const spec = await loadSpec();
const specLoaded = performance.now();
planCluster(spec);
const planned = performance.now();

const times: ProgramTimes = {
  sdk: sdkLoaded - start,
  modules: modulesLoaded - sdkLoaded,
  spec: specLoaded - modulesLoaded,
  plan: planned - specLoaded,
};
process.stdout.write(JSON.stringify(times));
