import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createEncryptionSalt, passphraseFits } from "../../../toolchain/state/encryptionSalt.ts";
import { findPassphrase, wrongPassphraseMessage } from "../../../toolchain/state/passphrase.ts";

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "passphrase-"));
});
afterEach(() => rmSync(project, { recursive: true }));

describe("the passphrase", () => {
  test("is made once, for this user only", async () => {
    const [first, second] = await Promise.all([findPassphrase(project, {}), findPassphrase(project, {})]);
    const file = join(project, ".postgres-cluster/passphrase");
    expect(first).toEqual({ env: { PULUMI_CONFIG_PASSPHRASE_FILE: file }, source: file });
    expect(second).toEqual(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(project, ".postgres-cluster")).mode & 0o777).toBe(0o700);
    const value = readFileSync(file, "utf8");
    expect(Buffer.from(value.trim(), "base64url")).toHaveLength(32);
    await findPassphrase(project, {});
    expect(readFileSync(file, "utf8")).toBe(value);
  });

  test("is the caller's where set, also when empty, and then none is made", async () => {
    expect(await findPassphrase(project, { PULUMI_CONFIG_PASSPHRASE: "" })).toMatchObject({
      env: { PULUMI_CONFIG_PASSPHRASE: "" },
    });
    const PULUMI_CONFIG_PASSPHRASE_FILE = join(project, "mine");
    writeFileSync(PULUMI_CONFIG_PASSPHRASE_FILE, "x");
    expect(await findPassphrase(project, { PULUMI_CONFIG_PASSPHRASE_FILE })).toMatchObject({
      env: { PULUMI_CONFIG_PASSPHRASE_FILE },
    });
    expect(() => statSync(join(project, ".postgres-cluster"))).toThrow("ENOENT");
  });

  test("in a file that does not exist is the caller's mistake", async () => {
    await expect(findPassphrase(project, { PULUMI_CONFIG_PASSPHRASE_FILE: "/absent" })).rejects.toThrow("/absent");
  });

  test("that does not fit: the message names the stack, its file and the source, never the passphrase", () => {
    const message = wrongPassphraseMessage("quorum", "configs/Pulumi.quorum.yaml", {
      source: "PULUMI_CONFIG_PASSPHRASE",
    });
    expect(message).toMatch(/"quorum".*configs\/Pulumi\.quorum\.yaml.*PULUMI_CONFIG_PASSPHRASE/);
  });
});

describe("the encryption salt", () => {
  const passphrase = (value: string) => ({ env: { PULUMI_CONFIG_PASSPHRASE: value }, source: "test" });

  test("fits the passphrase that it was made with, and no other", async () => {
    const salt = await createEncryptionSalt(passphrase("one"));
    expect(await passphraseFits(passphrase("one"), salt)).toBe(true);
    expect(await passphraseFits(passphrase("other"), salt)).toBe(false);
  });

  test("is read as the Pulumi CLI 3.259.0 wrote it", async () => {
    const salt = "v1:QQFcfJjMGs8=:v1:hoYr2bSfR7y0qc4K:opjMH+72gVOF/COYFhfLJhfRqem/JA==";
    expect(await passphraseFits(passphrase("abc"), salt)).toBe(true);
    expect(await passphraseFits(passphrase("abd"), salt)).toBe(false);
  });

  test("of an unknown form is left to Pulumi", async () => {
    expect(await passphraseFits(passphrase("x"), "v2:whatever")).toBe(true);
  });
});
