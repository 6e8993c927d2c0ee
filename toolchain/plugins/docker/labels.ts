import { object, type PropertyRules, set, string } from "../framework/resourceSchema.ts";

export interface Label {
  label: string;
  value: string;
}

/** The `labels` property of containers, networks, and volumes. */
export const labels = (rules: PropertyRules = {}) =>
  set(object({ label: string({ required: true }), value: string({ required: true }) }), { forceNew: true, ...rules });

export function toLabelMap(given: Label[] | null): Record<string, string> {
  return Object.fromEntries((given ?? []).map(({ label, value }) => [label, value]));
}

export function fromLabelMap(found: Record<string, string> | null | undefined): Label[] {
  return Object.entries(found ?? {})
    .map(([label, value]) => ({ label, value }))
    .sort((left, right) => (left.label < right.label ? -1 : 1));
}
