import { readFileSync, writeFileSync } from "node:fs";

/**
 * Writes the catalogue of a PostgreSQL major version from what a real server says of itself. Run by hand on the node image, after a
 * new minor or major version:
 *
 *   docker exec -i -u postgres NODE psql -XAtq < configs/catalogue/pgSettings.sql | node configs/catalogue/generate.ts
 */
interface ServerFacts {
  readonly version: string;
  readonly parameters: readonly Readonly<Record<string, unknown>>[];
  readonly libraries: readonly string[];
  readonly encodings: readonly string[];
  readonly timeZones: readonly string[];
}

const facts: ServerFacts = JSON.parse(readFileSync(0, "utf8"));
// "17.11 (Debian 17.11-0+deb13u1)": the package's own number says nothing about parameters.
const version = facts.version.split(" ")[0] as string;
const major = version.split(".")[0];

/** One parameter a line, fields that say nothing left out: a new version is a diff that can be read. */
const lines = facts.parameters.map((parameter) => JSON.stringify(parameter, (_, value) => value ?? undefined));
const text = `{
"version": ${JSON.stringify(version)},
"parameters": [
${lines.join(",\n")}
],
"libraries": ${JSON.stringify(facts.libraries)},
"encodings": ${JSON.stringify(facts.encodings)},
"timeZones": ${JSON.stringify(facts.timeZones)}
}
`;
writeFileSync(new URL(`postgresql${major}.json`, import.meta.url), text);
console.log(`PostgreSQL ${version}: ${facts.parameters.length} parameters`);
