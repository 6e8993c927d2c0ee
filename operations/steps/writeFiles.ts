import { basename } from "node:path";
import { paths } from "../../configs/render/paths.ts";
import type { FileEntry, NodeContainer } from "../docker.ts";
import { releaseOf } from "../files.ts";

/** Old releases that are kept on the config volume, to look back at. */
const keptReleases = 3;

/**
 * Puts a full set of declared files on a node's config volume, in a directory of its own, and then points `current` at it. A server
 * that starts at any moment reads one whole set. Returns the release.
 */
export async function writeFiles(container: NodeContainer, files: Readonly<Record<string, string>>): Promise<string> {
  const release = releaseOf(files);
  const directory = `releases/${release}`;
  const entries = Object.entries(files).map(
    ([path, text]): FileEntry => ({ path: `${directory}/${path}`, text, mode: 0o600 }),
  );
  // In one archive, which the Engine unpacks in this order: the link comes when all that it points at is there.
  await container.putFiles(paths.configVolume, [...entries, { path: basename(paths.declared), link: directory }]);
  return release;
}

/** Removes all but the newest releases. Needs a running container. */
export async function pruneReleases(container: NodeContainer): Promise<void> {
  const script = `cd ${paths.configVolume}/releases && ls -1t | grep -vx "$(basename "$(readlink ../current)")" | tail -n +${keptReleases} | xargs -r rm -rf --`;
  await container.run(["bash", "-c", script]);
}
