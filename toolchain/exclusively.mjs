// Plain JavaScript: the bootstrap needs it before any Node that reads TypeScript is there. Types: exclusively.d.mts.
import { createHash } from "node:crypto";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

// A listening socket as the lock: the kernel closes it when its holder dies, which a lock file cannot do. Linux and
// Windows name it outside the file system; elsewhere it is a file, removed when nobody answers behind it.
function addressOf(name) {
  const id = `postgres-cluster-${createHash("sha256").update(name).digest("hex").slice(0, 32)}`;
  if (process.platform === "linux") return { address: `\0${id}`, isFile: false };
  if (process.platform === "win32") return { address: `\\\\.\\pipe\\${id}`, isFile: false };
  return { address: join(tmpdir(), `${id}.sock`), isFile: true };
}

async function tryListen(address) {
  const peers = new Set();
  const server = createServer((peer) => {
    peers.add(peer);
    peer.on("error", () => peers.delete(peer)).on("close", () => peers.delete(peer));
  });
  server.listen(address);
  try {
    await once(server, "listening");
  } catch (error) {
    if (error.code === "EADDRINUSE") return undefined;
    throw error;
  }
  return () => {
    for (const peer of peers) peer.destroy();
    return new Promise((resolve) => server.close(resolve));
  };
}

/** Resolves when the holder has gone; false if nobody was there. */
function holderGone(address) {
  return new Promise((resolve, reject) => {
    let met = false;
    const socket = connect(address, () => {
      met = true;
      socket.resume();
    });
    // A holder that ends, however it ends, closes or resets the connection.
    socket.on("error", ({ code }) => {
      if (code === "ECONNRESET") met = true;
      else if (code !== "ECONNREFUSED" && code !== "ENOENT") reject(new Error(`waiting for another command: ${code}`));
    });
    socket.on("close", () => resolve(met));
  });
}

export async function exclusively(name, work, onWait) {
  const { address, isFile } = addressOf(name);
  let told = false;
  for (;;) {
    const release = await tryListen(address);
    if (release !== undefined) {
      try {
        return await work();
      } finally {
        await release();
      }
    }
    if (!told) onWait?.();
    told = true;
    if (!(await holderGone(address)) && isFile) await rm(address, { force: true });
  }
}
