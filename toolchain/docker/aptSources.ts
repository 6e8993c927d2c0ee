import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where a Debian archive and its security updates are fetched from. */
export interface DebianMirrors {
  readonly archive: string;
  readonly security: string;
}

export const defaultMirrors: DebianMirrors = {
  archive: "http://deb.debian.org/debian",
  security: "http://deb.debian.org/debian-security",
};

/**
 * The mirrors that this machine's own apt uses for Debian, so that an image can be made where the default ones are out of reach.
 * Sources that are not Debian's (other vendors', Ubuntu's) do not count; without any, the defaults.
 */
export function hostMirrors(aptFolder = "/etc/apt"): DebianMirrors {
  const files = [join(aptFolder, "sources.list"), ...listSources(join(aptFolder, "sources.list.d"))];
  return chooseMirrors(files.flatMap((file) => parseSources(readIfThere(file), file.endsWith(".sources"))));
}

interface AptSource {
  readonly uri: string;
  readonly suite: string;
}

/** sources.list(5): one-line format, and the deb822 format of `.sources` files. */
export function parseSources(text: string, deb822: boolean): AptSource[] {
  const lines = text.split("\n").filter((line) => !line.startsWith("#"));
  if (!deb822) {
    return lines.flatMap((line) => {
      const [, uri, suite] = /^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/.exec(line) ?? [];
      return uri !== undefined && suite !== undefined ? [{ uri, suite }] : [];
    });
  }
  return lines
    .join("\n")
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const field = (name: string) =>
        new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, "im").exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
      if (!field("Types").includes("deb") || field("Enabled")[0] === "no") return [];
      return field("URIs").flatMap((uri) => field("Suites").map((suite) => ({ uri, suite })));
    });
}

export function chooseMirrors(sources: readonly AptSource[]): DebianMirrors {
  // Each Debian release has a suite for its security updates; what lies beside it is the archive.
  const security = sources.find(({ suite }) => /^\w+-security$/.test(suite) || /^\w+\/updates$/.test(suite));
  const isDebian = ({ uri, suite }: AptSource) =>
    /\/debian\/?$/.test(uri) && /^[a-z]+$/.test(suite) && suite !== "nodistro";
  const archive = sources.find(isDebian);
  const trimmed = (uri: string) => uri.replace(/\/$/, "");
  const fromHttp = (uri: string | undefined, otherwise: string) =>
    uri && /^https?:/.test(uri) ? trimmed(uri) : otherwise;
  return {
    archive: fromHttp(archive?.uri, defaultMirrors.archive),
    security: fromHttp(security?.uri, defaultMirrors.security),
  };
}

/** The text of /etc/apt/sources.list.d/debian.sources in an image of that release, as Debian's own images have it. */
export function debianSources({ archive, security }: DebianMirrors, release: string): string {
  const stanza = (uri: string, suites: string) =>
    [
      "Types: deb",
      `URIs: ${uri}`,
      `Suites: ${suites}`,
      "Components: main",
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg",
    ].join("\n");
  return `${stanza(archive, `${release} ${release}-updates`)}\n\n${stanza(security, `${release}-security`)}\n`;
}

function listSources(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.(list|sources)$/.test(name))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
