import { slotName } from "../../configs/slotName.ts";
import type { Desired } from "../desired.ts";
import { hasLoadedConfiguration, runtimeText } from "../desired.ts";
import type { ObservedNode } from "../observed.ts";
import type { Step } from "../step.ts";
import type { Situation } from "./rule.ts";

/** Rules and conditions that hold for a node whatever its mode. */

/** There, but nothing runs in it that could be asked. A container that is gone has been refused before. */
export function isDown({ container }: ObservedNode): boolean {
  return container !== "running";
}

/** All at once: for where nothing has to come up before anything else. */
export function startContainers({ primary, others }: Situation): Step[] {
  return [primary, ...others].filter(isDown).map(({ name }) => ({ kind: "startContainer", node: name }));
}

/** On a node whose declared files are missing, of another release, or changed by hand. All containers run by then. */
export function writeDeclaredFiles({ desired, primary, others }: Situation): Step[] {
  return [primary, ...others]
    .filter((node) => !hasDeclaredFiles(desired, node))
    .map((node) => ({ kind: "writeFiles", node: node.name }));
}

/** The release, and every file in it unchanged since it was put there. */
function hasDeclaredFiles(desired: Desired, { name, volumes }: ObservedNode): boolean {
  const { release, fileHashes } = desired.nodes[name]!;
  const unchanged = Object.entries(fileHashes).every(([path, hash]) => volumes?.fileHashes[path] === hash);
  return volumes?.release === release && unchanged;
}

/** Is the runtime file what it is to be, with this quorum? */
export function hasRuntime(desired: Desired, { name, volumes }: ObservedNode, names: string): boolean {
  return volumes?.runtime === runtimeText(desired, name, names);
}

/** A server that runs with this quorum, and with the files as they are; one that is held because a clone was begun there is let go. */
export function serve(desired: Desired, node: ObservedNode, names: string): Step[] {
  const write: Step = { kind: "writeRuntime", node: node.name, synchronousStandbyNames: names };
  if (!hasRuntime(desired, node, names)) return [write];
  const held = node.volumes?.hold !== undefined;
  if (node.server === undefined || held) return [{ kind: "startServer", node: node.name }];
  return hasLoadedConfiguration(node) ? [] : [write];
}

export function slotOf(primary: ObservedNode, slot: string) {
  return primary.server!.slots.find(({ name }) => name === slot);
}

/** Where commits may wait for a node that leaves, this comes last. */
export function retireLeavers({ primary, leavers }: Situation): Step[] {
  return leavers.flatMap(({ name, container, running }): Step[] => {
    const slot = slotName(name);
    if (!running && slotOf(primary, slot) === undefined) return [];
    return [{ kind: "retire", node: primary.name, leaver: name, container, slot }];
  });
}
