import { isObject, type PropertyMap, type PropertyValue, Secret, unknown } from "./propertyValue.ts";
import type { Fields, Property, PropertyType } from "./resourceSchema.ts";

/**
 * All faults of a resource's inputs, one sentence each: properties that the schema does not have, wrong types, missing
 * or disallowed values. The engine puts the resource's type and name in front.
 */
export function checkInputs(fields: Fields, inputs: PropertyMap): string[] {
  return checkFields(fields, inputs, "");
}

function checkFields(fields: Fields, given: PropertyMap, path: string): string[] {
  const failures: string[] = [];
  for (const name of Object.keys(given)) {
    if (name.startsWith("__") || fields[name] !== undefined) continue;
    failures.push(
      `property ${JSON.stringify(`${path}${name}`)} is not supported by the registry-only plugins ` +
        `(supported here: ${Object.keys(fields).join(", ")}); it needs the official plugins`,
    );
  }
  for (const [name, field] of Object.entries(fields)) {
    failures.push(...checkProperty(field, given[name] ?? null, `${path}${name}`));
  }
  return failures;
}

function checkProperty(field: Property, value: PropertyValue, path: string): string[] {
  if (value === null) return field.required ? [`property ${JSON.stringify(path)} is required`] : [];
  const failures = checkValue(field.type, value, path);
  const refusal = failures.length === 0 ? refuse(field, value) : undefined;
  return refusal === undefined ? failures : [`property ${JSON.stringify(path)} ${refusal}`];
}

function refuse(field: Property, given: PropertyValue): string | undefined {
  const value = given instanceof Secret ? given.value : given;
  if (value === unknown) return undefined;
  if (field.allowed !== undefined && !field.allowed.includes(value as string)) {
    return `is ${given instanceof Secret ? "a secret" : JSON.stringify(value)}, allowed are ${field.allowed.map((item) => JSON.stringify(item)).join(", ")}`;
  }
  return field.refuse?.(value);
}

function checkValue(type: PropertyType, value: PropertyValue, path: string): string[] {
  if (value === unknown || value === null) return [];
  if (value instanceof Secret) return checkValue(type, value.value, path);
  const unless = (right: boolean, wanted: string) =>
    right ? [] : [`property ${JSON.stringify(path)} must be ${wanted}, not ${describe(value)}`];
  switch (type.kind) {
    case "json":
      return [];
    case "string":
      return unless(typeof value === "string", "a string");
    case "boolean":
      return unless(typeof value === "boolean", "true or false");
    case "integer":
      return unless(Number.isInteger(value), "a whole number");
    case "list":
    case "set":
      if (!Array.isArray(value)) return unless(false, "a list");
      return value.flatMap((item, index) => checkValue(type.element, item, `${path}[${index}]`));
    case "map":
      if (!isObject(value)) return unless(false, "a map");
      return Object.entries(value).flatMap(([name, item]) => checkValue(type.element, item, `${path}.${name}`));
    case "object":
      if (!isObject(value)) return unless(false, "an object");
      return checkFields(type.fields, value, `${path}.`);
  }
}

/** Names the type only: the value may be a secret. */
function describe(value: PropertyValue): string {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : `a ${typeof value}`;
}
