import type { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import { engine, engineService, grpc } from "./protocol.ts";

export type LogSeverity = "debug" | "info" | "warning" | "error";

/** How a message is shown: kept among the diagnostics, or only as the current status of its resource. */
export interface LogOptions {
  urn?: string;
  status?: boolean;
}

/** The engine's log: lines appear in the order in which they were given. */
export class EngineLog {
  readonly #address: string;
  #client: EngineClient | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(address: string) {
    this.#address = address;
  }

  log(severity: LogSeverity, message: string, options: LogOptions = {}): void {
    if (this.#address === "") return;
    this.#last = this.#last.then(() => this.#send(severity, message, options));
  }

  /** Resolves when all lines given so far have reached the engine. */
  flush(): Promise<void> {
    return this.#last;
  }

  #send(severity: LogSeverity, message: string, { urn, status }: LogOptions): Promise<void> {
    const severities = engine.LogSeverity;
    const request = new engine.LogRequest()
      .setSeverity(
        { debug: severities.DEBUG, info: severities.INFO, warning: severities.WARNING, error: severities.ERROR }[
          severity
        ],
      )
      .setMessage(message)
      .setUrn(urn ?? "")
      .setEphemeral(status ?? false);
    this.#client ??= new engineService.EngineClient(this.#address, grpc.credentials.createInsecure());
    const client = this.#client;
    return new Promise((resolve) => {
      client.log(request, (error) => {
        // An engine that no longer takes messages is on its way out; the plugin ends with it.
        if (error) process.stderr.write(`${message}\n`);
        resolve();
      });
    });
  }
}
