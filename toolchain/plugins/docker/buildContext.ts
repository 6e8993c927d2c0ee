import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, posix } from "node:path";
import type { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { type Pack, pack } from "tar-stream";

/** Whether a path is left out, and whether something below a folder that is left out may still be wanted. */
interface IgnoreRules {
  ignores(path: string): boolean;
  hasExceptions: boolean;
}

/**
 * A build context as the Engine takes it: a compressed tar of the folder without what its `.dockerignore` names, every
 * file owned by root. Names are sorted, so the same files give the same tar.
 */
export async function packBuildContext(directory: string, dockerfile: string): Promise<Readable> {
  await lstat(join(directory, dockerfile)).catch(() => {
    throw new Error(`dockerfile not found at path: ${join(directory, dockerfile)}`);
  });
  const rules = await ignoreRules(directory, posix.normalize(dockerfile));
  const tar = pack();
  const compressed = tar.pipe(createGzip());
  addDirectory(tar, directory, "", rules).then(
    () => tar.finalize(),
    (error) => compressed.destroy(error),
  );
  return compressed;
}

/** The Dockerfile and `.dockerignore` themselves are always sent: the builder needs them. */
async function ignoreRules(directory: string, dockerfile: string): Promise<IgnoreRules> {
  const text = await readFile(join(directory, ".dockerignore"), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return { ignores: () => false, hasExceptions: false };
  // dockerode's own reader of these rules.
  const requireOfClient = createRequire(createRequire(import.meta.url).resolve("dockerode"));
  const rules = requireOfClient("@balena/dockerignore")({ ignorecase: false }).add(text);
  return {
    ignores: (path) => path !== dockerfile && path !== ".dockerignore" && rules.ignores(path),
    hasExceptions: /^\s*!/m.test(text),
  };
}

async function addDirectory(tar: Pack, root: string, path: string, rules: IgnoreRules): Promise<void> {
  const names = (await readdir(join(root, path))).sort();
  for (const name of names) {
    const entry = path === "" ? name : `${path}/${name}`;
    const ignored = rules.ignores(entry);
    if (ignored && !rules.hasExceptions) continue;
    const found = await lstat(join(root, entry));
    if (ignored && !found.isDirectory()) continue;
    const header = { name: entry, mode: found.mode & 0o7777, mtime: found.mtime, uid: 0, gid: 0 };
    if (found.isDirectory()) {
      if (!ignored) tar.entry({ ...header, type: "directory" });
      await addDirectory(tar, root, entry, rules);
    } else if (found.isSymbolicLink()) {
      tar.entry({ ...header, type: "symlink", linkname: await readlink(join(root, entry)) });
    } else if (found.isFile()) {
      const content = await readFile(join(root, entry));
      tar.entry({ ...header, size: content.length }, content);
    }
  }
}
