import type { Server } from "@grpc/grpc-js";
import { EngineLog } from "./engineLog.ts";
import { grpc } from "./protocol.ts";

/** What a plugin adds to the server it runs in. */
export interface PluginServices {
  /** Registers the plugin's gRPC services. */
  register(server: Server): void;
  /** Ends what still runs; called when the engine asks the plugin to end, or is gone. */
  close(): Promise<void>;
}

const unlimitedMessages = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 };

/** Less than the five seconds after which the engine kills a plugin that it has interrupted. */
const endWithinMilliseconds = 4500;

/**
 * Runs a Pulumi plugin: serves on a free port of 127.0.0.1, prints that port on stdout, as the engine expects, and
 * lives until the engine interrupts it or is gone. The engine holds the write end of our stdin, so its end means that
 * the engine is gone, even when it was killed.
 *
 * The engine's address is the last argument; without one (a plugin started by hand) nothing is logged.
 */
export async function servePlugin(
  create: (engineLog: EngineLog, engineAddress: string) => PluginServices,
): Promise<void> {
  const lastArgument = process.argv.slice(2).at(-1) ?? "";
  const engineAddress = lastArgument.startsWith("-") ? "" : lastArgument;
  const engineLog = new EngineLog(engineAddress);
  const services = create(engineLog, engineAddress);

  const server = new grpc.Server(unlimitedMessages);
  services.register(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });

  let ending = false;
  const end = () => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(1), endWithinMilliseconds);
    services.close().then(
      () => process.exit(0),
      (error) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", end);
  process.on("SIGTERM", end);
  process.stdin.on("end", end).on("error", end).resume();

  process.stdout.write(`${port}\n`);
}
