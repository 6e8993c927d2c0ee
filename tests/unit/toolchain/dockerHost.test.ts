import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { UserError } from "../../../configs/userError.ts";
import { dockerEnv, findDockerHost } from "../../../toolchain/docker/dockerHost.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docker-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function context(name: string, host: string, tls = false): string {
  const id = createHash("sha256").update(name).digest("hex");
  mkdirSync(join(folder, "contexts/meta", id), { recursive: true });
  writeFileSync(
    join(folder, "contexts/meta", id, "meta.json"),
    JSON.stringify({ Endpoints: { docker: { Host: host } } }),
  );
  const certificates = join(folder, "contexts/tls", id, "docker");
  if (tls) {
    mkdirSync(certificates, { recursive: true });
    writeFileSync(join(certificates, "key.pem"), "");
  }
  return certificates;
}

const use = (name: string) => writeFileSync(join(folder, "config.json"), JSON.stringify({ currentContext: name }));
const find = (env: NodeJS.ProcessEnv = {}) => findDockerHost({ DOCKER_CONFIG: folder, ...env });

describe("the Engine that the user means", () => {
  test("is the default socket when nothing is chosen, and then needs no variable", () => {
    expect(find()).toMatchObject({ host: "unix:///var/run/docker.sock", chosenBy: "default" });
    expect(dockerEnv(find())).toEqual({});
  });

  test("is that of the context in use", () => {
    context("remote", "ssh://user@far");
    use("remote");
    expect(find()).toMatchObject({ host: "ssh://user@far", chosenBy: "docker context" });
    expect(dockerEnv(find())).toEqual({ DOCKER_HOST: "ssh://user@far" });
  });

  test("is DOCKER_CONTEXT's before that of the context in use, with its certificates", () => {
    const certificates = context("tls", "tcp://far:2376", true);
    use("remote");
    expect(dockerEnv(find({ DOCKER_CONTEXT: "tls" }))).toEqual({
      DOCKER_HOST: "tcp://far:2376",
      DOCKER_CERT_PATH: certificates,
      DOCKER_TLS_VERIFY: "1",
    });
  });

  test("is DOCKER_HOST before all", () => {
    use("remote");
    expect(find({ DOCKER_HOST: "tcp://h:1" })).toMatchObject({ host: "tcp://h:1", chosenBy: "DOCKER_HOST" });
  });

  test("is never replaced by another when a context does not exist", () => {
    use("gone");
    expect(() => find()).toThrow(UserError);
    expect(() => find()).toThrow(/"gone".*docker context use/);
  });
});
