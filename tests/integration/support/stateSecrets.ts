import { readPlan } from "../../../configs/planText.ts";
import { type Desired, desiredState } from "../../../operations/desired.ts";
import type { Material } from "../../../operations/material.ts";

/** `pulumi stack export`, as far as the tests read it. */
export interface ExportedStack {
  readonly deployment: { readonly resources?: readonly ExportedResource[] };
}

export interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** The plan and the secret material as the post-deploy hook got them, from an export with `--show-secrets`. */
export function desiredOf(exported: ExportedStack): Desired {
  const { material, planText } = handedToHook(exported);
  return desiredState(readPlan(planText, material.files), material);
}

export function materialOf(exported: ExportedStack): Material {
  return handedToHook(exported).material;
}

function handedToHook({ deployment }: ExportedStack): { material: Material; planText: string } {
  const hook = deployment.resources?.find(
    ({ urn, type }) => type === "command:local:Command" && urn.endsWith("::convergence"),
  );
  if (hook === undefined) throw new Error("the stack's state holds no convergence hook");
  const environment = decrypted(hook.inputs!.environment) as Record<string, unknown>;
  return {
    material: JSON.parse(decrypted(environment.MATERIAL) as string) as Material,
    planText: decrypted(environment.PLAN) as string,
  };
}

/** Pulumi exports a secret as an object whose `plaintext` is JSON. */
export function decrypted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("plaintext" in value)) return value;
  return JSON.parse(value.plaintext as string);
}
