/** The physical slot of a node. Node names have no `_`, so no two nodes share a slot. */
export function slotName(node: string): string {
  return node.replaceAll("-", "_");
}
