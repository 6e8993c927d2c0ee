/** What the hook needs and no preview may show: handed over in one secret environment variable. */
export interface Material {
  readonly passwords: {
    readonly replicator: string;
    readonly monitor: string;
    readonly rewind: string;
    readonly owner: string;
    /** By node: of the role with which that subscriber logs in on the publisher. Empty in modes without subscriptions. */
    readonly subscribers: Readonly<Record<string, string>>;
  };
  /** By node, then by path in the node's config directory. */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Like `files`: certificates, keys, the passfile. */
  readonly secretFiles: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** PEM of the cluster's certificate authority: what nodes and clients trust. */
  readonly caCertificate: string;
  /** Path on this machine at which clients find the CA's certificate. */
  readonly caFile: string;
}

/** All declared files of a node by path, secret ones included. */
export function nodeFiles(material: Material, node: string): Record<string, string> {
  return { ...material.files[node], ...material.secretFiles[node] };
}
