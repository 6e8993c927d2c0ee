import { describe, expect, test } from "vitest";
import { chooseMirrors, debianSources, defaultMirrors, parseSources } from "../../../toolchain/docker/aptSources.ts";

const mirrorsOf = (text: string, deb822: boolean) => chooseMirrors(parseSources(text, deb822));

describe("the mirrors of this machine's apt", () => {
  test("in the deb822 format, beside those of other vendors", () => {
    const text = [
      "Types: deb",
      "# a comment",
      "URIs: http://mirror.example/debian",
      "Suites: bookworm bookworm-updates",
      "Components: main",
      "",
      "Types: deb",
      "URIs: https://mirror.example/debian-security/",
      "Suites: bookworm-security",
      "Components: main",
      "",
      "Types: deb",
      "URIs: https://vendor.example/node_20.x",
      "Suites: nodistro",
    ].join("\n");
    expect(mirrorsOf(text, true)).toEqual({
      archive: "http://mirror.example/debian",
      security: "https://mirror.example/debian-security",
    });
  });

  test("in the one-line format, with options", () => {
    const text = [
      "# deb http://old.example/debian bookworm main",
      "deb-src http://source.example/debian bookworm main",
      "deb [signed-by=/usr/share/keyrings/x.gpg arch=amd64] http://mirror.example/debian bookworm main contrib",
      "deb http://mirror.example/security bookworm-security main",
    ].join("\n");
    expect(mirrorsOf(text, false)).toEqual({
      archive: "http://mirror.example/debian",
      security: "http://mirror.example/security",
    });
  });

  test.each([
    ["no source at all", "", true],
    ["a disabled source", "Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm\nEnabled: no", true],
    ["another distribution", "deb http://archive.ubuntu.example/ubuntu noble main", false],
    ["a medium that a container cannot see", "deb cdrom:[Debian]/debian bookworm main", false],
  ])("are the default ones with %s", (_case, text, deb822) => {
    expect(mirrorsOf(text, deb822)).toEqual(defaultMirrors);
  });
});

test("the sources of an image have the release, its updates and its security updates", () => {
  const text = debianSources(defaultMirrors, "trixie");
  expect(parseSources(text, true)).toEqual([
    { uri: "http://deb.debian.org/debian", suite: "trixie" },
    { uri: "http://deb.debian.org/debian", suite: "trixie-updates" },
    { uri: "http://deb.debian.org/debian-security", suite: "trixie-security" },
  ]);
});
