/** What is a contestant's own, so that none meets another. */
export interface Place {
  /** Begins the name of everything that it makes on the Docker Engine. */
  readonly id: string;
  /** A folder of its own; it does not exist yet. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** Of this host, one for each node. */
  readonly ports: readonly number[];
}
