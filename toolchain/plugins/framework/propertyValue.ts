import type { Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import { struct } from "./protocol.ts";

/** A value that only a later step makes known: in a preview, the output of a resource that does not exist yet. */
export const unknown: unique symbol = Symbol("unknown");

/** A value that Pulumi encrypts in its state and hides on the screen. */
export class Secret {
  readonly value: PropertyValue;

  constructor(value: PropertyValue) {
    this.value = value;
  }
}

export type PropertyValue =
  | null
  | boolean
  | number
  | string
  | typeof unknown
  | Secret
  | PropertyValue[]
  | { [name: string]: PropertyValue };
export type PropertyMap = { [name: string]: PropertyValue };

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

// The marks of Pulumi's wire format (sdk/go/common/resource/properties.go in pulumi/pulumi).
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";
const signatureNames: Record<string, string> = {
  c44067f5952c0a294b673a41bacd8c17: "asset",
  "0def7320c3a5731c473e5ecbe6d01bc7": "archive",
  "5cf8f73096256a8f31e491e813e4eb8e": "resource reference",
  d0e6a833031e9bbcd3f4e8bde6ca49a4: "output",
};
const unknownMark = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Reads a gRPC struct. Assets, archives, and references to resources are refused by name: nothing here takes them. */
export function decodeProperties(message: Struct | undefined): PropertyMap {
  return message === undefined ? {} : (decode(message.toJavaScript() as Json) as PropertyMap);
}

function decode(value: Json): PropertyValue {
  if (value === unknownMark) return unknown;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decode);
  const signature = value[signatureKey];
  if (signature === secretSignature) return new Secret(decode(value.value ?? null));
  if (typeof signature === "string") {
    const name = signatureNames[signature] ?? `value with signature ${signature}`;
    throw new Error(`a property holds an ${name}, which is not supported by the registry-only plugins`);
  }
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, decode(item)]));
}

/** Writes a gRPC struct. */
export function encodeProperties(properties: PropertyMap): Struct {
  return struct.Struct.fromJavaScript(encode(properties) as Record<string, never>);
}

function encode(value: PropertyValue): Json {
  if (value === unknown) return unknownMark;
  if (value instanceof Secret) return { [signatureKey]: secretSignature, value: encode(value.value) };
  if (value === null || typeof value !== "object") return value as Json;
  if (Array.isArray(value)) return value.map(encode);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => [name, encode(item)]),
  );
}

/** The value without its secret marks, at any depth. */
export function revealSecrets(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return revealSecrets(value.value);
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(revealSecrets);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, revealSecrets(item)]));
}

export function isObject(value: PropertyValue | undefined): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

export function containsSecret(value: PropertyValue): boolean {
  if (value instanceof Secret) return true;
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(containsSecret);
}

export function containsUnknown(value: PropertyValue): boolean {
  if (value === unknown) return true;
  if (value instanceof Secret) return containsUnknown(value.value);
  if (value === null || typeof value !== "object") return false;
  return Object.values(value).some(containsUnknown);
}

/** One text per value: equal values have equal texts, whatever the order of their names. */
export function canonicalText(value: PropertyValue): string {
  if (value === unknown) return unknownMark;
  if (value instanceof Secret) return canonicalText(value.value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonicalText(value[name] ?? null)}`).join(",")}}`;
}
