import { defineConfig } from "vitest/config";

const minute = 60_000;

/** Real Docker and real Pulumi: three files at a time, each on stacks of its own, since half of what they do is to wait. */
const live = (name: string, groupOrder: number) => ({
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    testTimeout: 10 * minute,
    hookTimeout: 10 * minute,
    maxWorkers: 3,
    sequence: { groupOrder },
  },
});

const pure = (name: string) => ({ test: { name, include: [`tests/${name}/**/*.test.ts`] } });

export default defineConfig({
  test: {
    projects: [pure("unit"), pure("golden"), pure("components"), live("conformance", 1), live("integration", 2)],
  },
});
