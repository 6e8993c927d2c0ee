import { defineConfig } from "vitest/config";

const minute = 60_000;

/** Real Docker and real Pulumi: one file at a time, since they share the machine's two cores and its one Engine. */
const live = (name: string) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: 10 * minute,
    hookTimeout: 10 * minute,
    fileParallelism: false,
  },
});

const pure = (name: string) => ({ test: { name, include: [`tests/${name}/**/*.test.ts`] } });

export default defineConfig({
  test: {
    projects: [pure("unit"), pure("golden"), pure("components"), live("conformance"), live("integration")],
  },
});
