import { type MessagePort, parentPort } from "node:worker_threads";
import bcrypt from "bcryptjs";

/** bcrypt looks at the first 72 bytes only; the official plugin hashes those as well. */
parentPort?.on("message", ({ password, port }: { password: string; port: MessagePort }) => {
  port.postMessage(bcrypt.hashSync(Buffer.from(password).subarray(0, 72).toString(), 10));
});
