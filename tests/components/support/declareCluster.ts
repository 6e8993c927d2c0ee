import { PostgresCluster } from "../../../components/postgresCluster.ts";
import type { ClusterPlan } from "../../../configs/plan.ts";
import { type CreatedResource, runProgram } from "./engine.ts";

/** Every generated secret has this in it, so that none can hide. */
export const secretMark = "s3cret";

/** Declares a cluster as index.ts does, without an engine. */
export function declareCluster(plan: ClusterPlan, options: { preview?: boolean } = {}) {
  return runProgram(
    () => new PostgresCluster(plan.stack, { plan, caFile: "/project/ca.crt" }),
    createResource,
    options,
  );
}

/** A plausible result for each kind of resource that the program uses; another one is an error. */
export function createResource(type: string, name: string): CreatedResource {
  const states: Record<string, [Record<string, unknown>, ...string[]]> = {
    "docker:index/network:Network": [{ name }],
    "docker:index/remoteImage:RemoteImage": [{ imageId: "sha256:1234" }],
    "docker:index/volume:Volume": [{ name }],
    "docker:index/container:Container": [{}],
    "random:index/randomPassword:RandomPassword": [{ result: `${secretMark} of ${name}` }, "result"],
    "tls:index/privateKey:PrivateKey": [{ privateKeyPem: `${secretMark} key ${name}` }, "privateKeyPem"],
    "tls:index/selfSignedCert:SelfSignedCert": [{ certPem: `certificate ${name}` }],
    "tls:index/certRequest:CertRequest": [{ certRequestPem: `request ${name}` }],
    "tls:index/locallySignedCert:LocallySignedCert": [{ certPem: `certificate ${name}` }],
    // A provider marks the outputs of a Command whose inputs hold a secret.
    "command:local:Command": [{ stdout: JSON.stringify(report) }, "stdout"],
  };
  if (type.startsWith("postgres-cluster:")) return { id: "", state: {}, secret: [] };
  const found = states[type];
  if (found === undefined) throw new Error(`no mock for a resource of type ${type}`);
  const [state, ...secret] = found;
  return { id: `id of ${name}`, state, secret };
}

const report = {
  stack: "quorum",
  mode: "quorum",
  ok: true,
  startedAt: "2026-01-01T12:00:00.000Z",
  milliseconds: 321,
  nodes: [],
  findings: [{ check: "one-primary", ok: true, detail: "pg-1 alone accepts writes" }],
};
