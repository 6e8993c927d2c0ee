import { isIP } from "node:net";
import * as v from "valibot";
import { longestName } from "../longestName.ts";
import { roles, superuser } from "../roles.ts";

/** The longest thing that is named after a node. */
const longestSuffix = "-config";

/**
 * A node's name is a host name, an application_name, a cluster_name and, with `_` for `-`, a replication slot; `<stack>-<name>-config`
 * names a volume. All must fit into 63 bytes, so the stack's name decides how long it may be.
 */
export function nodeNameSchema(stack: string) {
  const longest = longestName - `${stack}-`.length - longestSuffix.length;
  return v.pipe(
    v.string("is no text"),
    v.regex(/^[a-z](?:[a-z0-9-]*[a-z0-9])?$/, "is no host name of one label"),
    v.maxLength(longest, `is too long: ${stack}-NAME${longestSuffix} must fit into ${longestName} bytes`),
    v.notValues(["localhost"], "is the name that every container has for itself"),
    v.description(
      `lower-case letters, digits and hyphens, beginning with a letter, not ending with a hyphen, up to ${longest} characters`,
    ),
  );
}

/** What both Docker and Pulumi take; and short enough to leave a node's name ten letters. */
export const stackNameSchema = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "cannot begin the name of a container"),
  v.maxLength(40, "is too long: containers and volumes are named after it"),
  v.description("letters, digits, `_`, `.` and `-`, beginning with a letter or digit, up to 40 characters"),
);

const reservedNames = [
  superuser,
  ...Object.values(roles),
  // Words with a meaning of their own in pg_hba.conf or for roles.
  ...["all", "none", "public", "replication", "samegroup", "samerole", "sameuser"],
  ...["current_role", "current_user", "session_user", "user"],
];

/** The application's database and its owner role: an identifier that needs no quotes and that the cluster does not use itself. */
export const databaseSchema = v.pipe(
  v.string("is no text"),
  v.regex(/^[a-z_][a-z0-9_]*$/, "is no identifier that PostgreSQL takes without quotes"),
  v.maxLength(longestName, `is longer than ${longestName} bytes`),
  v.check((name) => !/^(?:pg_|template)/.test(name), "begins like PostgreSQL's own names"),
  v.check((name) => !reservedNames.includes(name), "is used by PostgreSQL or by the cluster itself"),
  v.description(
    `lower-case letters, digits and _, not beginning with a digit, up to ${longestName} characters; not PostgreSQL's own (postgres, pg_…, template…) nor the cluster's (${Object.values(roles).join(", ")})`,
  ),
);

export const portSchema = v.pipe(
  v.number("is no number"),
  v.integer("is no whole number"),
  v.minValue(1, "is out of range"),
  v.maxValue(65535, "is out of range"),
  v.description("a whole number from 1 to 65535"),
);

export const publishAddressSchema = v.pipe(
  v.string("is no text"),
  v.check((address) => isIP(address) !== 0 && !address.includes("%"), "is no IP address"),
  v.description(
    "an IPv4 or IPv6 address of the host: 127.0.0.1 for this host only, 0.0.0.0 for every network it is on",
  ),
);
