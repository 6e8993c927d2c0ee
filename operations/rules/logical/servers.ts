import type { ObservedNode } from "../../observed.ts";
import { missingFromDatabase } from "../../roles.ts";
import type { Step } from "../../step.ts";
import { serve } from "../nodes.ts";
import type { Situation } from "../rule.ts";

/** The publisher first: an empty one beside subscribers with data is one that lost its own, and is refused. */
export function initialise({ primary, others }: Situation): Step[] {
  const empty = (nodes: readonly ObservedNode[]) => nodes.filter(({ volumes }) => volumes?.data === undefined);
  const next = empty([primary]).length > 0 ? [primary] : empty(others);
  return next.map(({ name }) => ({ kind: "initialise", node: name }));
}

export function serveAll({ desired, primary, others }: Situation): Step[] {
  return [primary, ...others].flatMap((node) => serve(desired, node, ""));
}

export function provideRoles({ desired, primary, others }: Situation): Step[] {
  return [primary, ...others]
    .filter((node) => missingFromDatabase(desired, node.name, node.server!).length > 0)
    .map(({ name }) => ({ kind: "configureRoles", node: name }));
}

/** One at a time, subscribers first: the publisher's restart is what applications notice. */
export function restartForDeclaredFiles({ primary, others }: Situation): Step[] {
  const next = [...others, primary].find(({ server }) => server!.pendingRestart.length > 0);
  return next === undefined ? [] : [{ kind: "restartServer", node: next.name, primary: next.name, awaitReplay: false }];
}
