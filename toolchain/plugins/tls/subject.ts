import type { JsonName } from "@peculiar/x509";
import { list, object, type PropertyRules, string } from "../framework/resourceSchema.ts";

/** A distinguished name as the program gives it. */
export interface Subject {
  commonName?: string;
  country?: string;
  organization?: string;
  organizationalUnit?: string;
  locality?: string;
  province?: string;
}

/** Property and X.500 short name, in the order in which the official plugin writes them. */
const attributes: [keyof Subject, string][] = [
  ["country", "C"],
  ["organization", "O"],
  ["organizationalUnit", "OU"],
  ["locality", "L"],
  ["province", "ST"],
  ["commonName", "CN"],
];

/** The `subject` property of certificates and requests. */
export const subject = (rules: PropertyRules = {}) =>
  object(Object.fromEntries(attributes.map(([name]) => [name, string()])), { forceNew: true, ...rules });

/** Names and addresses that a certificate is good for. */
export const alternativeNames = {
  dnsNames: list(string(), { forceNew: true }),
  ipAddresses: list(string(), { forceNew: true }),
};

/** The name as the X.509 library takes it. */
export function distinguishedName(given: Subject | null): JsonName {
  return attributes.flatMap(([property, shortName]) => {
    const value = given?.[property];
    return value ? [{ [shortName]: [value] }] : [];
  });
}
