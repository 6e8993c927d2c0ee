import { sha256 } from "../../configs/sha256.ts";
import type { PublishedTable } from "../../configs/spec.ts";
import { probePublication } from "./bookkeeping.ts";
import type { DesiredPublication } from "./publications.ts";

/** No declared publication's name begins like this. */
const prefix = `${probePublication}_`;

/**
 * A publication of some tables of another, which a subscription reads for as long as that one is changed or tables are to be copied
 * again. It is named after its content, so it is never altered while somebody reads it: other tables make another bridge.
 */
export function bridgeFor({ operations }: DesiredPublication, tables: readonly PublishedTable[]): DesiredPublication {
  const content = { operations, tables, schemas: [] };
  return { name: `${prefix}${sha256(JSON.stringify(content)).slice(0, 16)}`, ...content };
}

export function isBridge(publication: string): boolean {
  return publication.startsWith(prefix);
}
