import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { askEngine, noAnswerMessage } from "../../../toolchain/docker/engine.ts";
import { adviceFor, nextAction } from "../../../toolchain/docker/ensureEngine.ts";

const machine = { root: true, apt: true, dockerd: true, systemd: false };

describe("where no Engine answers at the default socket", () => {
  test.each([
    ["root, no dockerd", { ...machine, dockerd: false }, "install"],
    ["root, dockerd, booted with systemd", { ...machine, systemd: true }, "start by systemd"],
    ["root, dockerd, no service manager", machine, "start by hand"],
    ["root, no dockerd, no apt", { ...machine, dockerd: false, apt: false }, "give up"],
    ["not root", { ...machine, root: false }, "give up"],
  ] as const)("%s: %o → %s", (_case, facts, action) => {
    expect(nextAction(facts)).toBe(action);
  });

  test.each([
    [{ root: false, apt: true, dockerd: false, systemd: true }, /sudo apt-get install .*docker\.io/],
    [{ root: false, apt: true, dockerd: true, systemd: true }, /sudo systemctl start docker/],
    [{ root: false, apt: false, dockerd: false, systemd: false }, /docs\.docker\.com/],
  ])("the advice for %o is a command to run", (facts, advice) => {
    expect(adviceFor(facts)).toMatch(advice);
  });
});

describe("an Engine that the user chose and that does not answer", () => {
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  const denied = Object.assign(new Error("connect EACCES"), { code: "EACCES" });

  test("is named with its choice and the way out", () => {
    const host = { host: "tcp://h:1", chosenBy: "DOCKER_HOST", source: "DOCKER_HOST" } as const;
    expect(noAnswerMessage(host, refused)).toMatch(/tcp:\/\/h:1.*DOCKER_HOST.*ECONNREFUSED[\s\S]*unset DOCKER_HOST/);
  });

  test("may be a matter of permission", () => {
    const host = { host: "unix:///var/run/docker.sock", chosenBy: "default", source: "the default socket" } as const;
    expect(noAnswerMessage(host, denied)).toMatch(/usermod -aG docker/);
  });
});

describe("an Engine that answers", () => {
  async function withEngine<T>(apiVersion: string, work: (socketPath: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), "engine-"));
    const socketPath = join(folder, "docker.sock");
    const server = createServer((_request, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ Version: "x", ApiVersion: apiVersion }));
    });
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    try {
      return await work(socketPath);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  }

  test.each(["1.41", "1.50", "2.0"])("with API %s is taken", async (apiVersion) => {
    await expect(withEngine(apiVersion, (socketPath) => askEngine({ socketPath }))).resolves.toEqual({
      version: "x",
      apiVersion,
    });
  });

  test.each(["1.40", "1.9"])("with API %s is too old", async (apiVersion) => {
    await expect(withEngine(apiVersion, (socketPath) => askEngine({ socketPath }))).rejects.toThrow(/needs API 1\.41/);
  });
});
