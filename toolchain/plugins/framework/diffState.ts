import { canonicalText, isObject, type PropertyMap, type PropertyValue, unknown } from "./propertyValue.ts";
import { normalise, type Property, type PropertyType, type ResourceSchema } from "./resourceSchema.ts";

export type ChangeKind = "add" | "delete" | "update";

/** One changed place, e.g. `environment.B` or `capabilities.adds[0]`. */
export interface PropertyChange {
  /** The property's path in Pulumi's notation. */
  path: string;
  kind: ChangeKind;
  replaces: boolean;
}

/**
 * What would change if a resource in `state` (its outputs) were given `inputs`. Both hold no secret marks.
 *
 * As the official providers do, it compares with the state, not with the earlier inputs: so after a refresh, drift is a
 * change as well.
 */
export function diffState(schema: ResourceSchema, state: PropertyMap, inputs: PropertyMap): PropertyChange[] {
  return Object.entries(schema.inputs).flatMap(([name, property]) =>
    diffProperty(name, property, state[name], inputs[name]),
  );
}

function diffProperty(
  name: string,
  property: Property,
  before: PropertyValue | undefined,
  given: PropertyValue | undefined,
): PropertyChange[] {
  const absent = given === undefined || given === null;
  if (absent && property.default === undefined && property.computed) return [];
  const after = absent ? property.default : given;
  if (property.emptyKeeps && (after === undefined || after === "")) return [];
  const old = normalise(property.type, before);
  const wanted = normalise(property.type, after);
  if (canonicalText(old) === canonicalText(wanted)) return [];
  const removed = absent && property.default === undefined;
  return changes(name, property.type, { raw: before ?? null, value: old }, wanted, given ?? null, removed).map(
    (change) => ({ ...change, replaces: property.forceNew === true }),
  );
}

type Change = Omit<PropertyChange, "replaces">;

/** The places at which two different values of one type differ; sets are matched up by their members. */
function changes(
  path: string,
  type: PropertyType,
  before: { raw: PropertyValue; value: PropertyValue },
  after: PropertyValue,
  rawAfter: PropertyValue,
  removed: boolean,
): Change[] {
  if (after === unknown || before.value === unknown) return [{ path, kind: isEmpty(before.raw) ? "add" : "update" }];
  if (removed) return [{ path, kind: "delete" }];
  if (isEmpty(after)) return [{ path, kind: "update" }];
  if (isEmpty(before.raw)) return [{ path, kind: "add" }];
  switch (type.kind) {
    case "list":
    case "set":
      return changedItems(path, type, before, after as PropertyValue[], rawAfter as PropertyValue[]);
    case "map":
    case "object":
      return changedNames(path, type, before, after as PropertyMap, rawAfter as PropertyMap);
    case "json":
      return changedJson(path, before.value, after);
    default:
      return [{ path, kind: "update" }];
  }
}

function changedItems(
  path: string,
  type: Extract<PropertyType, { kind: "list" | "set" }>,
  before: { raw: PropertyValue; value: PropertyValue },
  after: PropertyValue[],
  rawAfter: PropertyValue[],
): Change[] {
  const rawBefore = before.raw as PropertyValue[];
  const pairs =
    type.kind === "list"
      ? Array.from({ length: Math.max(rawBefore.length, after.length) }, (_, index) => ({ old: index, new: index }))
      : unmatched(type.element, rawBefore, rawAfter);
  return pairs.flatMap(({ old, new: index }) => {
    const oldItem = rawBefore[old];
    const newItem = rawAfter[index];
    if (oldItem === undefined) return [{ path: `${path}[${index}]`, kind: "add" as const }];
    if (newItem === undefined) return [{ path: `${path}[${old}]`, kind: "delete" as const }];
    const oldValue = normalise(type.element, oldItem);
    const newValue = normalise(type.element, newItem);
    if (canonicalText(oldValue) === canonicalText(newValue)) return [];
    // A set's member is shown whole when it moved: old and new index differ, and a path can name only one of them.
    if (old !== index) {
      return [
        { path: `${path}[${old}]`, kind: "delete" as const },
        { path: `${path}[${index}]`, kind: "add" as const },
      ];
    }
    return changes(`${path}[${index}]`, type.element, { raw: oldItem, value: oldValue }, newValue, newItem, false);
  });
}

/** The members of a set that are not in the other, paired up in order; an index past the end where one side has fewer. */
function unmatched(element: PropertyType, before: PropertyValue[], after: PropertyValue[]) {
  const texts = (items: PropertyValue[]) => items.map((item) => canonicalText(normalise(element, item)));
  const [oldTexts, newTexts] = [texts(before), texts(after)];
  const gone = before.map((_, index) => index).filter((index) => !newTexts.includes(oldTexts[index] as string));
  const come = after.map((_, index) => index).filter((index) => !oldTexts.includes(newTexts[index] as string));
  return Array.from({ length: Math.max(gone.length, come.length) }, (_, index) => ({
    old: gone[index] ?? before.length,
    new: come[index] ?? after.length,
  }));
}

function changedNames(
  path: string,
  type: Extract<PropertyType, { kind: "map" | "object" }>,
  before: { raw: PropertyValue; value: PropertyValue },
  after: PropertyMap,
  rawAfter: PropertyMap,
): Change[] {
  const rawBefore = before.raw as PropertyMap;
  const oldValues = before.value as PropertyMap;
  const names = [...new Set([...Object.keys(oldValues), ...Object.keys(after)])];
  return names.flatMap((name): Change[] => {
    const at = joinPath(path, name);
    const oldValue = oldValues[name];
    const newValue = after[name];
    if (oldValue === undefined) return [{ path: at, kind: "add" }];
    if (newValue === undefined) return [{ path: at, kind: "delete" }];
    if (canonicalText(oldValue) === canonicalText(newValue)) return [];
    const element = type.kind === "map" ? type.element : (type.fields[name] as Property).type;
    const given = rawAfter[name] ?? null;
    return changes(at, element, { raw: rawBefore[name] ?? null, value: oldValue }, newValue, given, false);
  });
}

function changedJson(path: string, before: PropertyValue, after: PropertyValue): Change[] {
  if (canonicalText(before) === canonicalText(after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    return Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
      changedEntry(`${path}[${index}]`, before[index], after[index]),
    ).flat();
  }
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) => changedEntry(joinPath(path, name), before[name], after[name]));
  }
  return [{ path, kind: "update" }];
}

function changedEntry(path: string, before: PropertyValue | undefined, after: PropertyValue | undefined): Change[] {
  if (before === undefined) return [{ path, kind: "add" }];
  if (after === undefined) return [{ path, kind: "delete" }];
  return changedJson(path, before, after);
}

/** Pulumi's path notation: names that are no identifiers are quoted in brackets. */
function joinPath(path: string, name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${JSON.stringify(name)}]`;
}

function isEmpty(value: PropertyValue): boolean {
  if (value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
