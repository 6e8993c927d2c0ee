import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, parseDocument } from "yaml";
import { UserError } from "../../configs/userError.ts";
import { stackConfigFile } from "../project.ts";

/** What set-up needs to know of a stack's config file; it never parses the cluster's own keys. */
export interface StackConfig {
  readonly stack: string;
  readonly file: string;
  readonly text: string;
  /** The line by which Pulumi recognises the stack's passphrase. */
  readonly encryptionSalt: string | undefined;
  /** Whether a value of the file itself is encrypted (`pulumi config set --secret`). */
  readonly hasSecrets: boolean;
}

/** Throws a UserError that lists the stacks there are. */
export function readStackConfig(project: string, stack: string): StackConfig {
  const file = stackConfigFile(project, stack);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new UserError(
      `There is no stack "${stack}": ${file} does not exist. ${stacksMessage(project)} A new stack is a new file beside them.`,
    );
  }
  return {
    stack,
    file,
    text,
    encryptionSalt: saltIn(text),
    hasSecrets: /(^|[\s{])secure:/m.test(text),
  };
}

/** Of the document's root, in whichever of YAML's styles it is written; what else is wrong with the file is for others to say. */
function saltIn(text: string): string | undefined {
  const { contents } = parseDocument(text);
  const salt = isMap(contents) ? contents.get("encryptionsalt") : undefined;
  return typeof salt === "string" ? salt : undefined;
}

/** The names of all stacks that have a config file, sorted. */
export function listStacks(project: string): string[] {
  const names = readdirSync(join(project, "configs")).map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1]);
  return names.filter((name) => name !== undefined).sort();
}

export const stacksMessage = (project: string): string =>
  `Stacks in ${join(project, "configs")}: ${listStacks(project).join(", ") || "none"}.`;
