import Docker from "dockerode";
import { type ExecResult, NodeContainer } from "../../../operations/docker.ts";

/**
 * A client outside of the cluster: PostgreSQL's own programs from the node image, on the host's network, with the CA's file where
 * the connection strings say that it is. Goes with the stack by its name.
 */
export class ClientContainer {
  private readonly container: NodeContainer;

  private constructor(container: NodeContainer) {
    this.container = container;
  }

  static async start(stack: string, image: string, files: readonly string[]): Promise<ClientContainer> {
    const name = `${stack}-client`;
    const container = await new Docker().createContainer({
      name,
      Image: image,
      Entrypoint: ["sleep", "infinity"],
      HostConfig: { NetworkMode: "host", Init: true, Binds: files.map((file) => `${file}:${file}:ro`) },
    });
    await container.start();
    return new ClientContainer(new NodeContainer(name));
  }

  /** Rows as psql prints them unaligned, `|` between columns. */
  psql(connectionString: string, ...statements: readonly string[]): Promise<ExecResult> {
    const commands = statements.flatMap((statement) => ["--command", statement]);
    const options = ["--no-psqlrc", "--no-password", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"];
    return this.container.exec(["psql", ...options, ...commands, connectionString]);
  }

  pgbench(connectionString: string, ...options: readonly string[]): Promise<ExecResult> {
    return this.container.exec(["pgbench", ...options, connectionString]);
  }

  /** A certificate authority that has nothing to do with the cluster; the path of its certificate, for `sslrootcert`. */
  async makeOtherAuthority(): Promise<string> {
    const file = "/tmp/other-ca.crt";
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "/dev/null"];
    await this.container.run(["openssl", "req", "-x509", ...key, "-subj", "/CN=somebody else", "-out", file]);
    return file;
  }
}
