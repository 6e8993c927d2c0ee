// Runs on any Node from 20: makes node_modules what package-lock.json says, then hands over to commands/main.ts on the
// Node that comes with it. It is on the path of every command, so it loads nothing that the usual case does not need.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const project = dirname(dirname(fileURLToPath(import.meta.url)));
// Inside node_modules, so that it goes when node_modules goes; written only after an install that ended well.
const stampFile = join(project, "node_modules", ".postgres-cluster-installed");

/** What node_modules depends on. */
function wantedStamp() {
  const lockFile = readFileSync(join(project, "package-lock.json"));
  return `${createHash("sha256").update(lockFile).digest("hex")} ${process.platform} ${process.arch}\n`;
}

function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** Whether node_modules holds what the lock file wants, also when the user's own `npm install` put it there. */
function isInstalled(stamp) {
  if (readIfThere(stampFile) === stamp) return true;
  // npm's record of what is in node_modules; it is written when an install has ended.
  const record = readIfThere(join(project, "node_modules", ".package-lock.json"));
  if (record === undefined) return false;
  const present = JSON.parse(record).packages;
  const wanted = JSON.parse(readFileSync(join(project, "package-lock.json"), "utf8")).packages;
  const same = (path) =>
    present[path]?.version === wanted[path]?.version && present[path]?.integrity === wanted[path]?.integrity;
  const complete = Object.keys(wanted).every(
    (path) => path === "" || same(path) || (wanted[path].optional && !present[path]),
  );
  if (!complete || !Object.keys(present).every(same)) return false;
  writeFileSync(stampFile, stamp);
  return true;
}

function npmCi() {
  const options = ["ci", "--include=dev", "--include=optional", "--loglevel=error", "--no-audit", "--no-fund"];
  // Under `npm run`, the same npm that the user called.
  const npm = process.env.npm_execpath;
  const [command, args] = npm?.endsWith("npm-cli.js") ? [process.execPath, [npm, ...options]] : ["npm", options];
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: project, stdio: ["ignore", 2, 2] });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`npm ci failed (${signal ?? `exit code ${code}`}); its message is above.`));
    });
  });
}

async function install(stamp) {
  const { exclusively } = await import("./exclusively.mjs");
  await exclusively(
    `npm ci in ${project}`,
    async () => {
      if (isInstalled(stamp)) return; // by the one we waited for
      const start = performance.now();
      process.stderr.write("Installing dependencies (npm ci) …\n");
      await npmCi();
      writeFileSync(stampFile, stamp);
      process.stderr.write(`Installed dependencies in ${((performance.now() - start) / 1000).toFixed(1)} s.\n`);
    },
    () => process.stderr.write("Waiting for another command that installs dependencies …\n"),
  );
}

/** The Node that runs TypeScript: the one of node_modules where it exists for this platform, else this one if it can. */
function chooseNode() {
  const bundled = join(project, "node_modules", ".bin", "node");
  if (existsSync(bundled)) return bundled;
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath;
  throw new Error(
    `Node ${process.versions.node} (${process.execPath}) cannot run TypeScript, and node_modules has no Node for ` +
      `${process.platform}-${process.arch}. Install Node 22.18 or newer and run the command again.`,
  );
}

function run(node) {
  // Compiled code is kept between runs, for this command and whatever it starts: the types are then stripped already, which
  // takes 0.1 s off the start. Inside node_modules, whose life it shares.
  const env = { NODE_COMPILE_CACHE: join(project, "node_modules", ".cache", "node-compile"), ...process.env };
  const child = spawn(node, [join(project, "commands", "main.ts"), ...process.argv.slice(2)], {
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env,
  });
  // A terminal (and `timeout`, and npm) signals the whole process group, or this process alone: only the child can tell
  // which, by whether it was signalled too. So it is told by message, and never signalled a second time. See signals.ts.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.connected && child.send({ signal }, () => {}));
  }
  child.on("error", fail);
  child.on("exit", (code, signal) => process.exit(signal === null ? code : 128 + constants.signals[signal]));
}

function fail(error) {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
}

try {
  const stamp = wantedStamp();
  if (!isInstalled(stamp)) await install(stamp);
  run(chooseNode());
} catch (error) {
  fail(error);
}
