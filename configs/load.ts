import * as pulumi from "@pulumi/pulumi";
import { loadLogicalReader } from "./loadLogicalReader.ts";
import type { RawStack } from "./rawConfig.ts";
import type { ClusterSpec } from "./spec.ts";
import { UserError } from "./userError.ts";
import { validateSpec } from "./validateSpec.ts";

/**
 * The spec of the stack that Pulumi is running: the only reader of Pulumi's config. It reads every key of the project's namespace, known or
 * not, so that a misspelled one is found.
 * @throws pulumi.RunError, which Pulumi shows without a stack trace, with every fault.
 */
export async function loadSpec(): Promise<ClusterSpec> {
  const { PULUMI_CONFIG_SECRET_KEYS: secretKeys } = process.env;
  const raw = fromPulumi(pulumi.getStack(), pulumi.getProject(), pulumi.runtime.allConfig(), secretKeys);
  try {
    return validateSpec(raw, await loadLogicalReader(raw, import.meta.dirname));
  } catch (error) {
    throw error instanceof UserError ? new pulumi.RunError(error.message) : error;
  }
}

/** Pulumi's flat map of texts as a raw stack. `secretKeys` is what the language host says of encrypted values: a JSON list. */
export function fromPulumi(
  stack: string,
  project: string,
  all: Readonly<Record<string, string>>,
  secretKeys: string | undefined,
): RawStack {
  const prefix = `${project}:`;
  const own = (keys: string[]) => keys.filter((key) => key.startsWith(prefix));
  const secure = own(JSON.parse(secretKeys || "[]"));
  const plain = own(Object.keys(all)).filter((key) => !secure.includes(key));
  const short = (key: string) => key.slice(prefix.length);
  return {
    stack,
    config: Object.fromEntries(plain.map((key) => [short(key), structured(all[key] as string)])),
    secure: secure.map(short),
  };
}

/** Mappings and lists arrive as JSON, everything else as plain text. */
function structured(text: string): unknown {
  if (!/^[{[]/.test(text)) return text;
  try {
    return JSON.parse(text);
  } catch {
    // A text that only looks like JSON; whether it is allowed is for validation to say.
    return text;
  }
}
