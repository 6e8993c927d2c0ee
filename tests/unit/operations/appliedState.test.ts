import { expect, test } from "vitest";
import { describePlan } from "../../../configs/planText.ts";
import { appliedState } from "../../../operations/appliedState.ts";
import { desiredOf } from "./support/desired.ts";

const { plan, passwords, caCertificate } = desiredOf();
const material = {
  passwords,
  files: Object.fromEntries(plan.nodes.map(({ name, files }) => [name, files])),
  secretFiles: {},
  caCertificate,
  caFile: "/tmp/ca.crt",
};

const urn = (type: string, name: string) => `urn:pulumi:test::postgres-cluster::${type}::${name}`;
/** A secret as `pulumi stack export --show-secrets` prints it. */
const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

const command = "postgres-cluster:index:Convergence$command:local:Command";

test.each([
  [
    "one secret in the environment",
    { PLAN: describePlan(plan), IMAGE: "sha256:1", MATERIAL: secret(JSON.stringify(material)) },
  ],
  [
    "the whole environment secret",
    secret({ PLAN: describePlan(plan), IMAGE: "sha256:1", MATERIAL: JSON.stringify(material) }),
  ],
])("the plan and its secrets are read back: %s", (_, environment) => {
  const exported = {
    deployment: {
      resources: [
        { urn: urn("docker:index/network:Network", "network") },
        { urn: urn(command, "convergence"), inputs: { environment } },
      ],
    },
  };
  expect(appliedState(exported)).toMatchObject({ plan, material, imageId: "sha256:1" });
});

test.each([
  ["an empty stack", {}],
  ["a stack whose hook never succeeded", { deployment: { resources: [{ urn: urn("a:b:C", "pg-1") }] } }],
])("%s has none", (_, exported) => {
  expect(appliedState(exported)).toBeUndefined();
});
