import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The checkout that this code is part of. */
export const projectDir = dirname(import.meta.dirname);

/** Where this project keeps what it generates for this checkout only: never committed, mode 0700. */
export const privateDir = (project: string): string => join(project, ".postgres-cluster");

/** The project's name as Pulumi.yaml says it. Read as text: a YAML parser would cost every command 20 ms for one plain scalar. */
export function projectName(project: string): string {
  const file = join(project, "Pulumi.yaml");
  const name = /^name:[ \t]*["']?([^"'#\s]+)/m.exec(readFileSync(file, "utf8"))?.[1];
  if (name === undefined) throw new Error(`${file} has no name`);
  return name;
}

/** Where `stackConfigDir` of Pulumi.yaml puts a stack's config. */
export const stackConfigFile = (project: string, stack: string): string =>
  join(project, "configs", `Pulumi.${stack}.yaml`);
