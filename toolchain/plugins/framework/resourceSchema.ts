import type { PropertyMap, PropertyValue } from "./propertyValue.ts";

/** The shape of a property's value. `json` is any value, compared as it stands. */
export type PropertyType =
  | { kind: "string" | "integer" | "boolean" | "json" }
  | { kind: "list" | "set"; element: PropertyType }
  | { kind: "map"; element: PropertyType }
  | { kind: "object"; fields: Fields };

/** What the official provider's schema says about a property. */
export interface PropertyRules {
  /** Check fails without it. */
  required?: true;
  /** The value when the program gives none. */
  default?: PropertyValue;
  /** The provider finds the value when the program gives none; then its absence is no change. */
  computed?: true;
  /** A change replaces the resource. */
  forceNew?: true;
  /** The output is always a secret. */
  secret?: true;
  /** Of an output: every update gives it a new value, so a preview cannot tell it. */
  volatile?: true;
  /** An empty string means "as it is". */
  emptyKeeps?: true;
  /** The only values allowed. */
  allowed?: readonly string[];
  /** Why a value is refused, or undefined when it is fine. */
  refuse?: (value: PropertyValue) => string | undefined;
}

export type Property = PropertyRules & { type: PropertyType };
export type Fields = { [name: string]: Property };

/** What a resource type takes and gives. */
export interface ResourceSchema {
  /** The type token, e.g. `docker:index/network:Network`. */
  token: string;
  inputs: Fields;
  /** Properties that only the provider sets. Every input is an output as well. */
  outputs: Fields;
  /** A replacement deletes the old resource first: always, or when both have the same name. */
  deleteBeforeReplace?: "always" | "sameName";
  /** `__meta` of the official provider's state, so that it can take the state over. */
  meta?: { [name: string]: PropertyValue };
  /** The official provider tells only which properties change: the engine then shows planned outputs, not a diff. */
  coarseDiff?: true;
  /** The official provider records the id among the outputs as well. */
  idInOutputs?: true;
}

const scalar =
  (kind: "string" | "integer" | "boolean" | "json") =>
  (rules: PropertyRules = {}) => ({
    ...rules,
    type: { kind },
  });
const collection =
  <Kind extends "list" | "set" | "map">(kind: Kind) =>
  (element: Property, rules: PropertyRules = {}) => ({ ...rules, type: { kind, element: element.type } });

export const string = scalar("string");
export const integer = scalar("integer");
export const boolean = scalar("boolean");
/** Any value, compared as it stands. */
export const json = scalar("json");
export const list = collection("list");
/** Like a list, but order means nothing. */
export const set = collection("set");
export const map = collection("map");
export const object = (fields: Fields, rules: PropertyRules = {}): Property => ({
  ...rules,
  type: { kind: "object", fields },
});

/**
 * A property's value in the one form in which two values can be compared: fields of an object all there, defaults
 * filled in, sets sorted, and absence as the type's zero (Terraform, which the official providers are built on, does
 * not tell the two apart).
 */
export function normalise(type: PropertyType, value: PropertyValue | undefined): PropertyValue {
  if (typeof value === "symbol") return value;
  switch (type.kind) {
    case "string":
      return value ?? "";
    case "integer":
      return value ?? 0;
    case "boolean":
      return value ?? false;
    case "json":
      return value ?? null;
    case "list":
      return asList(value).map((item) => normalise(type.element, item));
    case "set":
      return sortSet(asList(value).map((item) => normalise(type.element, item)));
    case "map": {
      const entries = Object.entries((value ?? {}) as PropertyMap).map(([name, item]) => [
        name,
        normalise(type.element, item),
      ]);
      return Object.fromEntries(entries) as PropertyMap;
    }
    case "object": {
      if (value === undefined || value === null) return null;
      const given = value as PropertyMap;
      const entries = Object.entries(type.fields).map(([name, field]) => [
        name,
        normalise(field.type, given[name] ?? field.default),
      ]);
      return Object.fromEntries(entries) as PropertyMap;
    }
  }
}

/** A value with the defaults of its objects' fields filled in, and otherwise as it is. */
export function fillDefaults(type: PropertyType, value: PropertyValue): PropertyValue {
  if (type.kind === "list" || type.kind === "set") return asList(value).map((item) => fillDefaults(type.element, item));
  if (type.kind !== "object" || typeof value !== "object" || value === null) return value;
  const filled: PropertyMap = {};
  for (const [name, field] of Object.entries(type.fields)) {
    const given = (value as PropertyMap)[name] ?? field.default;
    if (given !== undefined && given !== null) filled[name] = fillDefaults(field.type, given);
  }
  return filled;
}

function asList(value: PropertyValue | undefined): PropertyValue[] {
  return Array.isArray(value) ? value : [];
}

/** Strings by their text, objects by the text of their fields in schema order. */
export function sortSet(items: PropertyValue[]): PropertyValue[] {
  const text = (item: PropertyValue) => (typeof item === "string" ? item : JSON.stringify(item));
  return items.toSorted((left, right) => (text(left) < text(right) ? -1 : text(left) > text(right) ? 1 : 0));
}
