import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterPlan } from "../configs/plan.ts";
import { describePlan, describeSchema } from "../configs/planText.ts";
import type { Material } from "../operations/material.ts";
import { summarise, type VerificationSummary } from "../operations/verificationSummary.ts";

export interface ConvergenceArgs {
  readonly plan: ClusterPlan;
  readonly material: pulumi.Output<Material>;
  readonly imageId: pulumi.Output<string>;
  /** Container ids by node: a replaced container has to be looked at again. */
  readonly containers: Readonly<Record<string, pulumi.Output<string>>>;
}

/**
 * The post-deploy hook: leads the running containers to the plan, proves that replication works, and reports.
 * It runs again whenever its environment differs from that of its last success.
 */
export class Convergence extends pulumi.ComponentResource {
  /** The report of the last run. */
  readonly verification: pulumi.Output<VerificationSummary>;

  constructor(name: string, args: ConvergenceArgs, options: pulumi.ComponentResourceOptions) {
    super("postgres-cluster:index:Convergence", name, {}, options);
    const schema = describeSchema(args.plan);
    const hook = new command.local.Command(
      name,
      {
        create: "exec node operations/hooks/main.ts converge",
        environment: {
          PLAN: describePlan(args.plan),
          MATERIAL: pulumi.secret(pulumi.jsonStringify(args.material)),
          IMAGE: args.imageId,
          CONTAINERS: pulumi.jsonStringify(args.containers),
        },
        ...(schema !== undefined && { stdin: schema }),
        logging: command.local.Logging.Stderr,
      },
      { parent: this },
    );
    // The hook's environment holds secrets, so its output counts as one; the report is made to be shown and holds none.
    this.verification = pulumi.unsecret(hook.stdout).apply((stdout) => summarise(JSON.parse(stdout)));
    this.registerOutputs({ verification: this.verification });
  }
}
