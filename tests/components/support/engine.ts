import * as pulumi from "@pulumi/pulumi";
import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";

/** A resource as the program declared it, in the words of the Pulumi engine. */
export interface DeclaredResource {
  readonly type: string;
  readonly name: string;
  /** As sent to the engine: secrets are still marked, see `withoutSecrets`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Name of the component that it is part of. */
  readonly parent: string;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  /** The resources that it waits for, as `type name`. */
  readonly dependencies: readonly string[];
}

/** What the engine would know of a resource after creating it; `secret` values it would mark. */
export interface CreatedResource {
  readonly id: string;
  readonly state: Readonly<Record<string, unknown>>;
  readonly secret: readonly string[];
}

export interface Declared<Outputs> {
  readonly resources: readonly DeclaredResource[];
  readonly outputs: Outputs;
}

/**
 * Runs a Pulumi program on a monitor of our own, in place of an engine. `create` says what each resource becomes. In a preview nothing
 * is created: every output of a resource is unknown.
 */
export async function runProgram<Outputs>(
  program: () => Outputs,
  create: (type: string, name: string) => CreatedResource,
  { preview = false } = {},
): Promise<Declared<Outputs>> {
  const resources: DeclaredResource[] = [];
  await pulumi.runtime.setMocks(
    {
      call: () => ({}),
      newResource: ({ type, name }) => {
        if (preview) return { id: undefined, state: {} };
        const { id, state, secret } = create(type, name);
        const entries = Object.entries(state).map(([key, value]) => [
          key,
          secret.includes(key) ? pulumi.secret(value) : value,
        ]);
        return { id, state: Object.fromEntries(entries) };
      },
    },
    "postgres-cluster",
    "quorum",
    preview,
  );
  listen(resources);
  const outputs = program();
  await pulumi.runtime.disconnect();
  return { resources, outputs };
}

/** The mocks are told the inputs of a resource but not its options: those are read from the request itself. */
function listen(resources: DeclaredResource[]): void {
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    resources.push(describe(request));
    return register(request, callback);
  };
}

type Register = (request: RegisterResourceRequest, callback: unknown) => unknown;

function describe(request: RegisterResourceRequest): DeclaredResource {
  const dependencies = request.getDependenciesList().map((urn) => `${typeOf(urn)} ${nameOf(urn)}`);
  return {
    type: request.getType(),
    name: request.getName(),
    inputs: (request.getObject()?.toJavaScript() ?? {}) as Record<string, unknown>,
    parent: nameOf(request.getParent()),
    retainOnDelete: request.getRetainondelete() === true,
    deleteBeforeReplace: request.getDeletebeforereplace(),
    ignoreChanges: request.getIgnorechangesList(),
    dependencies: [...new Set(dependencies)].sort(),
  };
}

/** `urn:pulumi:stack::project::types of the parents$type::name` */
function typeOf(urn: string): string {
  return urn.split("::").at(-2)?.split("$").at(-1) ?? "";
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? "";
}

const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** The value with every secret in it replaced by a word. */
export function withoutSecrets(value: unknown): unknown {
  return mapSecrets(value, () => "[secret]");
}

/** The value with its secrets in plain text. */
export function revealed(value: unknown): unknown {
  return mapSecrets(value, (secret) => revealed(secret));
}

function mapSecrets(value: unknown, map: (secret: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => mapSecrets(each, map));
  if (typeof value !== "object" || value === null) return value;
  if ((value as Record<string, unknown>)[signature] === secretSignature)
    return map((value as { value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapSecrets(each, map)]));
}

/** An output's value, and whether the engine would show it. */
export function resolved<T>(output: pulumi.Output<T>): Promise<{ value: T; secret: boolean }> {
  return new Promise((resolve) => {
    output.apply(async (value) => resolve({ value, secret: (await pulumi.isSecret(output)) === true }));
  });
}
