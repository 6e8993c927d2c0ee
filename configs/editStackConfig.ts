import { isScalar, parseDocument } from "yaml";
import { projectName, stackConfigPath } from "./rawConfig.ts";
import { UserError } from "./userError.ts";

/**
 * The text of a stack's file with another value for one of our keys. Everything else stays as it is, byte for byte. Throws a UserError where
 * the key is not there.
 */
export function withValue(stack: string, text: string, key: string, value: string): string {
  const name = `${projectName}:${key}`;
  const document = parseDocument(text);
  const found: unknown = document.errors.length === 0 ? document.getIn(["config", name], true) : undefined;
  if (!isScalar(found) || !found.range) {
    throw new UserError(`${stackConfigPath(stack)} was not changed: it has no text at config, ${name}.`);
  }
  const [from, to] = found.range;
  return `${text.slice(0, from)}${value}${text.slice(to)}`;
}
