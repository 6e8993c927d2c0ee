import { readPlan } from "../../../configs/planText.ts";
import { type Desired, desiredState } from "../../../operations/desired.ts";
import type { Material } from "../../../operations/material.ts";
import type { VerificationSummary } from "../../../operations/verificationSummary.ts";

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

/** The outputs of a stack, secrets shown. */
export interface StackOutputs {
  readonly primary: string;
  readonly endpoints: readonly { name: string; host: string; port: number; role: string }[];
  readonly connectionString: string;
  readonly readOnlyConnectionString: string;
  readonly caCertificate: string;
  readonly verification: VerificationSummary;
}

export function outputsOf({ deployment }: ExportedStack): StackOutputs {
  const root = deployment.resources?.find(({ type }) => type === "pulumi:pulumi:Stack");
  const outputs = Object.entries(root?.outputs ?? {}).map(([name, value]) => [name, decrypted(value)]);
  return Object.fromEntries(outputs) as StackOutputs;
}

/** The plan and the secret material as the post-deploy hook got them, from an export with `--show-secrets`. */
export function desiredOf(exported: ExportedStack): Desired {
  const { material, planText, schema } = handedToHook(exported);
  return desiredState(readPlan(planText, material.files, schema), material);
}

export function materialOf(exported: ExportedStack): Material {
  return handedToHook(exported).material;
}

function handedToHook({ deployment }: ExportedStack): {
  material: Material;
  planText: string;
  schema: string | undefined;
} {
  const hook = deployment.resources?.find(
    ({ urn, type }) => type === "command:local:Command" && urn.endsWith("::convergence"),
  );
  if (hook === undefined) throw new Error("the stack's state holds no convergence hook");
  const environment = decrypted(hook.inputs!.environment) as Record<string, unknown>;
  return {
    material: JSON.parse(decrypted(environment.MATERIAL) as string) as Material,
    planText: decrypted(environment.PLAN) as string,
    schema: decrypted(hook.inputs!.stdin) as string | undefined,
  };
}

/** Pulumi exports a secret as an object whose `plaintext` is JSON. */
export function decrypted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("plaintext" in value)) return value;
  return JSON.parse(value.plaintext as string);
}
