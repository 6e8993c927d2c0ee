import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type Docker from "dockerode";
import { UserError } from "../../configs/userError.ts";
import type { Progress } from "../progress.ts";
import { CommandError, runCommand } from "../runCommand.ts";
import { adminEnv, aptInstall } from "./aptInstall.ts";
import { debianSources, hostMirrors } from "./aptSources.ts";

export interface ImageName {
  readonly repository: string;
  readonly tag: string;
  readonly release: string;
}

/** Makes a minimal Debian image with debootstrap. Needs root, and installs the package debootstrap where it is missing. */
export async function debootstrapImage(docker: Docker, name: ImageName, progress: Progress): Promise<void> {
  if (process.getuid?.() !== 0) throw new UserError("only root can run debootstrap; run the command as root once");
  await ensureDebootstrap(progress);
  const { release } = name;
  const mirrors = hostMirrors();
  // Not inside the project: package scripts run in there as root.
  const scratch = await mkdtemp(join(tmpdir(), "postgres-cluster-debootstrap-"));
  const root = join(scratch, "root");
  try {
    await progress.step(`Making a Debian ${release} from ${mirrors.archive}`, (update) =>
      runCommand("debootstrap", ["--variant=minbase", release, root, mirrors.archive], {
        env: adminEnv(),
        onLine: (line) => update(line.replace(/^I: /, "").trim()),
      }),
    );
    await rm(join(root, "etc/apt/sources.list"), { force: true });
    const files = { ...containerFiles, "etc/apt/sources.list.d/debian.sources": debianSources(mirrors, release) };
    for (const [path, text] of Object.entries(files)) await writeFile(join(root, path), text);
    await chmod(join(root, "usr/sbin/policy-rc.d"), 0o755);
    await progress.step(`Importing it as ${name.repository}:${name.tag}`, () => importTree(docker, root, name));
  } finally {
    // Never across a mount that an interrupted debootstrap may have left in there.
    await runCommand("rm", ["-rf", "--one-file-system", scratch]);
  }
}

async function ensureDebootstrap(progress: Progress): Promise<void> {
  if (["/usr/sbin/debootstrap", "/sbin/debootstrap", "/usr/bin/debootstrap"].some((file) => existsSync(file))) return;
  if (!existsSync("/usr/bin/apt-get"))
    throw new UserError("debootstrap is not installed, and there is no apt-get to install it");
  await aptInstall("debootstrap", progress);
}

/** Documentation and translations, which "slim" images do without. */
const documentation = ["doc/*", "groff/*", "info/*", "lintian/*", "locale/*", "man/*"].map(
  (path) => `/usr/share/${path}`,
);

/** What Debian's own slim images set, so that building on this one goes as on those. */
const containerFiles = {
  "etc/dpkg/dpkg.cfg.d/container": [
    "# An image is built whole or not at all: no need to wait for the disk.",
    "force-unsafe-io",
    ...documentation.map((path) => `path-exclude ${path}`),
    "path-include /usr/share/doc/*/copyright",
    "",
  ].join("\n"),
  "etc/apt/apt.conf.d/container": 'Acquire::Languages "none";\nAcquire::GzipIndexes "true";\n',
  // No service is started by the installation of its package.
  "usr/sbin/policy-rc.d": "#!/bin/sh\nexit 101\n",
};

/** What stays out of the image: caches, the identity of the machine that made it, device nodes, documentation (but no licence). */
const leftOut = [
  "./var/cache/apt/archives/*.deb",
  "./var/lib/apt/lists/*",
  "./var/log/*",
  "./etc/hostname",
  "./etc/resolv.conf",
  "./dev/*",
  ...documentation.filter((path) => !path.includes("/doc/")).map((path) => `.${path}`),
];

async function importTree(docker: Docker, root: string, { repository, tag }: ImageName): Promise<void> {
  const excludes = leftOut.map((pattern) => `--exclude=${pattern}`);
  const tar = spawn("tar", ["--numeric-owner", ...excludes, "-C", root, "-c", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(tar, "close");
  const stream = await docker.importImage(tar.stdout, { repo: repository, tag, changes: 'CMD ["bash"]' });
  await new Promise<void>((resolve, reject) =>
    docker.modem.followProgress(stream, (error) =>
      error ? reject(new CommandError(`import: ${error.message}`)) : resolve(),
    ),
  );
  const [code] = await ended;
  if (code !== 0) throw new CommandError(`tar ended with exit code ${code}`);
}
