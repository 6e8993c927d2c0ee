import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseDocument, type ScalarTag } from "yaml";
import { loadLogicalReader } from "./loadLogicalReader.ts";
import { projectName, type RawStack, stackConfigPath } from "./rawConfig.ts";
import type { ClusterSpec } from "./spec.ts";
import { UserError } from "./userError.ts";
import { validateSpec } from "./validateSpec.ts";
import { isMapping } from "./validation/read.ts";

/**
 * The spec of a stack, read from its file without Pulumi: for the commands that only look at a cluster.
 * @throws UserError where the file is missing, is no YAML, or holds faults.
 */
export async function loadSpecFromFile(projectDirectory: string, stack: string): Promise<ClusterSpec> {
  const path = stackConfigPath(stack);
  let text: string;
  try {
    text = readFileSync(join(projectDirectory, path), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(`There is no stack ${stack}: ${path} does not exist. Each stack has its file in configs/.`);
  }
  const raw = parseStackConfig(stack, text);
  return validateSpec(raw, await loadLogicalReader(raw, join(projectDirectory, dirname(path))));
}

/** A stack file's text as what `load.ts` gets from Pulumi. Keys of other namespaces belong to providers and are left alone. */
export function parseStackConfig(stack: string, text: string): RawStack {
  const document = parseDocument(text, { customTags: (tags) => [goInteger, ...tags] });
  const [error] = document.errors;
  if (error) throw new UserError(`${stackConfigPath(stack)}: ${error.message}`);
  const root: unknown = document.toJS();
  const all = isMapping(root) && isMapping(root.config) ? root.config : {};
  const prefix = `${projectName}:`;
  const entries = Object.entries(all)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  return {
    stack,
    config: Object.fromEntries(entries.filter(([, value]) => !holdsSecure(value))),
    secure: entries.filter(([, value]) => holdsSecure(value)).map(([key]) => key),
  };
}

/** Integers that Pulumi's YAML library knows and this one reads otherwise: 0700 is octal, 1_000 is a thousand. */
const goInteger: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?(?:0[0-7_]+|[1-9]\d*_[\d_]*)$/,
  resolve: (text) => {
    const digits = text.replaceAll("_", "");
    return Number.parseInt(digits, /^[-+]?0/.test(digits) ? 8 : 10);
  },
};

/** An encrypted value is `{ secure: … }`, at any depth. */
function holdsSecure(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === "secure" && typeof first[1] === "string") return true;
  return entries.some(([, inner]) => holdsSecure(inner));
}
