import Docker from "dockerode";
import { UserError } from "../../configs/userError.ts";
import { exclusively } from "../exclusively.mjs";
import type { Progress } from "../progress.ts";
import { CommandError } from "../runCommand.ts";
import { debootstrapImage } from "./debootstrapImage.ts";

/** Debian's release that the node image is made of. */
export const release = "trixie";
const repository = "debian";
const tag = `${release}-slim`;

/** A registry that says nothing for this long is out of reach, in milliseconds. */
const silenceTimeout = 30_000;

/**
 * The image `debian:trixie-slim` on the Engine: the one that is there, else pulled, else (where no registry answers) made from
 * Debian's packages. Throws a UserError that says why neither way worked.
 */
export async function ensureBaseImage(progress: Progress, docker: Docker = new Docker()): Promise<void> {
  if (await isPresent(docker)) return;
  await exclusively(
    `base image ${repository}:${tag}`,
    async () => {
      if (await isPresent(docker)) return;
      const pullFailure = await failureOf(() =>
        progress.step(`Pulling ${repository}:${tag}`, (update) => pull(docker, update)),
      );
      if (pullFailure === undefined) return;
      progress.note(
        `${repository}:${tag} cannot be pulled here (${firstLine(pullFailure)}); making it from Debian's packages.`,
      );
      const makeFailure = await failureOf(() => debootstrapImage(docker, { repository, tag, release }, progress));
      if (makeFailure === undefined) return;
      throw new UserError(
        [
          `The base image ${repository}:${tag} is not on the Engine and could not be had. Tried, in this order:`,
          `  - docker pull ${repository}:${tag}: ${pullFailure.message}`,
          `  - debootstrap ${release}: ${makeFailure.message}`,
          `Mend one of these, or load the image yourself (docker load), and run the command again.`,
        ].join("\n"),
      );
    },
    () => progress.note("Waiting for another command that makes the base image …"),
  );
}

async function isPresent(docker: Docker): Promise<boolean> {
  try {
    await docker.getImage(`${repository}:${tag}`).inspect();
    return true;
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return false;
    throw error;
  }
}

/** The failure of a way that may fail; bugs go on to the caller. */
async function failureOf(work: () => Promise<void>): Promise<Error | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

async function pull(docker: Docker, update: (detail: string) => void): Promise<void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceTimeout);
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceTimeout);
  };
  try {
    const stream = await docker.pull(`${repository}:${tag}`, { abortSignal: silence.signal });
    await new Promise<void>((resolve, reject) => {
      silence.signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true });
      const onProgress = ({ id, status, progress }: { id?: string; status?: string; progress?: string }) => {
        heard();
        update([id, status, progress].filter(Boolean).join(" "));
      };
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()), onProgress);
    });
  } catch (error) {
    const why = silence.signal.aborted
      ? `no answer from the registry for ${silenceTimeout / 1000} s`
      : (error as Error).message;
    throw new CommandError(why);
  } finally {
    clearTimeout(timer);
  }
}

const firstLine = (error: Error): string => error.message.split("\n")[0] ?? "";
