// The floor of a no-op: the resources that `index.ts` of the project registers for three nodes, by number and type, with
// constant inputs. Its commands are `true`, its containers sleep.
import * as command from "@pulumi/command";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import * as tls from "@pulumi/tls";

const prefix = process.env.BARE_PREFIX!;
const firstPort = Number(process.env.BARE_PORT);
const key = { algorithm: "ECDSA", ecdsaCurve: "P256" };
const labels = [{ label: "bare", value: prefix }];

/** PostgresCluster, ClusterNetwork, NodeImage, Credentials, CertificateAuthority, Convergence; each node adds three. */
for (let each = 1; each <= 6; each++) new pulumi.ComponentResource("bare:index:Component", `component-${each}`);

const network = new docker.Network("network", { name: `${prefix}-bare`, driver: "bridge", labels });
const image = new docker.RemoteImage("image", {
  name: `${prefix}-bare`,
  build: { context: "image", dockerfile: "Dockerfile", buildArgs: { POSTGRES_VERSION: "17" } },
});
for (let each = 1; each <= 4; each++) new random.RandomPassword(`password-${each}`, { length: 32, special: false });
const caKey = new tls.PrivateKey("ca-key", key);
const ca = new tls.SelfSignedCert("ca", {
  privateKeyPem: caKey.privateKeyPem,
  subject: { commonName: "bare" },
  isCaCertificate: true,
  setSubjectKeyId: true,
  allowedUses: ["cert_signing", "crl_signing"],
  validityPeriodHours: 24,
});

for (const [index, node] of ["pg-1", "pg-2", "pg-3"].entries()) {
  for (let each = 1; each <= 3; each++)
    new pulumi.ComponentResource("bare:index:Component", `${node}-component-${each}`);
  const nodeKey = new tls.PrivateKey(`${node}-key`, key);
  const request = new tls.CertRequest(`${node}-request`, {
    privateKeyPem: nodeKey.privateKeyPem,
    subject: { commonName: node },
    dnsNames: [node],
    ipAddresses: ["127.0.0.1"],
  });
  new tls.LocallySignedCert(`${node}-certificate`, {
    certRequestPem: request.certRequestPem,
    caPrivateKeyPem: caKey.privateKeyPem,
    caCertPem: ca.certPem,
    allowedUses: ["digital_signature", "key_agreement", "server_auth"],
    validityPeriodHours: 24,
  });
  const data = new docker.Volume(`${node}-data`, { name: `${prefix}-bare-${node}-data`, labels });
  const config = new docker.Volume(`${node}-config`, { name: `${prefix}-bare-${node}-config`, labels });
  new docker.Container(node, {
    name: `${prefix}-bare-${node}`,
    hostname: node,
    image: image.imageId,
    entrypoints: ["sleep"],
    command: ["infinity"],
    networksAdvanced: [{ name: network.name, aliases: [node] }],
    ports: [{ internal: 5432, external: firstPort + index, ip: "127.0.0.1", protocol: "tcp" }],
    volumes: [
      { volumeName: data.name, containerPath: "/var/lib/postgresql" },
      { volumeName: config.name, containerPath: "/etc/postgres-cluster" },
    ],
    memory: 1024,
    memorySwap: 1024,
    shmSize: 256,
    user: "postgres",
    readOnly: true,
    tmpfs: { "/tmp": "mode=1777", "/var/run/postgresql": "uid=999,gid=999,mode=0770" },
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    restart: "unless-stopped",
    stopSignal: "SIGKILL",
    labels,
  });
  new command.local.Command(`${node}-files`, { create: "true" });
}
new command.local.Command("convergence", { create: "true" });
