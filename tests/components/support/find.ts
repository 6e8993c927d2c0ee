import type { DeclaredResource } from "./engine.ts";

export const types = {
  command: "command:local:Command",
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  certificateRequest: "tls:index/certRequest:CertRequest",
} as const;

/** The one resource of a type and name. */
export function find(resources: readonly DeclaredResource[], type: keyof typeof types, name: string): DeclaredResource {
  const found = resources.filter((each) => each.type === types[type] && each.name === name);
  if (found.length !== 1) throw new Error(`${found.length} resources of type ${types[type]} are named ${name}`);
  return found[0]!;
}

/** Inputs by `type name`, for comparing two programs. */
export function inputsByResource(resources: readonly DeclaredResource[]): Record<string, unknown> {
  return Object.fromEntries(resources.map(({ type, name, inputs }) => [`${type} ${name}`, inputs]));
}

/** Names of the resources whose inputs differ between two programs, or that only the second has. */
export function changedResources(before: readonly DeclaredResource[], after: readonly DeclaredResource[]): string[] {
  const old = inputsByResource(before);
  return Object.entries(inputsByResource(after))
    .filter(([key, inputs]) => JSON.stringify(old[key]) !== JSON.stringify(inputs))
    .map(([key]) => key)
    .sort();
}
