/** A stack config as plain data, before validation: the keys of the project's namespace without their prefix. */
export interface RawConfig {
  readonly [key: string]: unknown;
}

/** A stack as it was found, before validation. */
export interface RawStack {
  readonly stack: string;
  /** Without the values of `secure`. */
  readonly config: RawConfig;
  /** Keys whose value is encrypted, in whole or in part. None may be, so the values are not looked at, and not shown. */
  readonly secure: readonly string[];
}

/** The project's name, which is the namespace of its keys. */
export const projectName = "postgres-cluster";

/** Where a stack's config is kept, relative to the project; also how faults name it. */
export function stackConfigPath(stack: string): string {
  return `configs/Pulumi.${stack}.yaml`;
}

/**
 * Takes empty values for absent ones: Pulumi.yaml must declare a default for every key that a stack may leave out, and an empty one
 * is how it says "none".
 */
export function withoutEmpty(config: RawConfig): RawConfig {
  return Object.fromEntries(Object.entries(config).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
