import type { ClusterPlan } from "../configs/plan.ts";
import { readPlan } from "../configs/planText.ts";
import type { Material } from "./material.ts";

/** The part of `pulumi stack export --show-secrets` that is looked at. */
interface ExportedStack {
  readonly deployment?: { readonly resources?: readonly ExportedResource[] };
}

interface ExportedResource {
  readonly urn: string;
  readonly inputs?: { readonly environment?: unknown; readonly stdin?: unknown };
}

/** What the last successful hook was given. */
export interface AppliedState {
  /** Of the hook's resource. */
  readonly urn: string;
  /** The plan that the cluster was led to. */
  readonly plan: ClusterPlan;
  readonly material: Material;
  readonly imageId?: string;
}

/** undefined before the first successful hook. */
export function appliedState(exported: ExportedStack): AppliedState | undefined {
  const hook = exported.deployment?.resources?.find(({ urn }) => urn.endsWith("command:local:Command::convergence"));
  if (hook === undefined) return undefined;
  const environment = revealed(hook.inputs?.environment) as { PLAN: string; MATERIAL: string; IMAGE: string };
  const material = JSON.parse(environment.MATERIAL) as Material;
  const schema = revealed(hook.inputs?.stdin) as string | undefined;
  const plan = readPlan(environment.PLAN, material.files, schema);
  return { urn: hook.urn, plan, material, imageId: environment.IMAGE };
}

/** Key that marks a secret in an exported state; next to it stands the value's JSON as `plaintext`. */
const signature = "4dabf18193072939515e22adb298388d";

function revealed(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (signature in value && "plaintext" in value) return revealed(JSON.parse(String(value.plaintext)));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, revealed(inner)]));
}
