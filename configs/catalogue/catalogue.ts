import facts from "./postgresql17.json" with { type: "json" };

export type ParameterContext =
  | "internal"
  | "postmaster"
  | "sighup"
  | "superuser-backend"
  | "backend"
  | "superuser"
  | "user";

interface ParameterBase {
  /** PostgreSQL's own spelling; it compares names without regard to case. */
  readonly name: string;
  /** When a change takes effect: `postmaster` at a restart, `internal` never, the others with a reload at the latest. */
  readonly context: ParameterContext;
  /** The value where no file sets one. */
  readonly boot: string;
}

/** One row of PostgreSQL's `pg_settings`. Limits are in `unit`. */
export type Parameter =
  | (ParameterBase & { readonly vartype: "bool" | "string" })
  | (ParameterBase & { readonly vartype: "enum"; readonly enumvals: readonly string[] })
  | (ParameterBase & {
      readonly vartype: "integer" | "real";
      readonly unit?: BaseUnit;
      readonly min: string;
      readonly max: string;
    });

/** Units in which PostgreSQL keeps a value. */
export type BaseUnit = "B" | "kB" | "8kB" | "MB" | "ms" | "s" | "min";

const parameters = new Map((facts.parameters as readonly Parameter[]).map((p) => [p.name.toLowerCase(), p]));

/** The parameter of that name, in any case, or undefined. */
export function findParameter(name: string): Parameter | undefined {
  return parameters.get(name.toLowerCase());
}

export const parameterNames: readonly string[] = [...parameters.values()].map(({ name }) => name);

/** Modules that the node image has: what the preload parameters may name. */
export const libraries: readonly string[] = facts.libraries;

export const encodings: readonly string[] = facts.encodings;

/** Time zones that the node image has. */
export const timeZones: readonly string[] = facts.timeZones;
