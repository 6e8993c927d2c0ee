import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { privateDir } from "./project.ts";

/** What set-up remembers between commands. Losing it costs time, nothing else. */
export interface ToolchainCache {
  /** By path: what the CLI said, as long as the file is the same. */
  readonly cliVersions?: Readonly<Record<string, { mtimeMs: number; size: number; version: string }>>;
}

const cacheFile = (project: string): string => join(privateDir(project), "toolchain.json");

export function readCache(project: string): ToolchainCache {
  try {
    return JSON.parse(readFileSync(cacheFile(project), "utf8"));
  } catch (error) {
    // Absent, or cut short by a full disk: start anew.
    if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return {};
    throw error;
  }
}

export function writeCache(project: string, change: ToolchainCache): void {
  const file = cacheFile(project);
  mkdirSync(privateDir(project), { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify({ ...readCache(project), ...change }, null, 2)}\n`);
  renameSync(draft, file);
}
