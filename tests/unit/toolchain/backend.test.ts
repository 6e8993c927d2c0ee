import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileBackendFolder, findBackend } from "../../../toolchain/state/backend.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "backend-"));
});
afterEach(() => rmSync(home, { recursive: true }));
const logIn = (url: string) => writeFileSync(join(home, "credentials.json"), JSON.stringify({ current: url }));

describe("the backend", () => {
  test("is a folder of the project when nobody chose another", () => {
    expect(findBackend("/p", {}, [home])).toEqual({
      url: "file:///p/.pulumi-state?metadata=skip",
      chosenBy: "default",
      folder: "/p/.pulumi-state",
    });
  });

  test("is what the user logged in to", () => {
    logIn("s3://bucket");
    expect(findBackend("/p", {}, ["/absent", home])).toEqual({
      url: "s3://bucket",
      chosenBy: "pulumi login",
      folder: undefined,
    });
  });

  test("is PULUMI_BACKEND_URL before all", () => {
    logIn("s3://bucket");
    const env = { PULUMI_BACKEND_URL: "file://~/state" };
    expect(findBackend("/p", env, [home])).toMatchObject({
      chosenBy: "PULUMI_BACKEND_URL",
      folder: join(homedir(), "state"),
    });
  });

  test("is the default after a logout", () => {
    writeFileSync(join(home, "credentials.json"), JSON.stringify({ accessTokens: {} }));
    expect(findBackend("/p", {}, [home]).chosenBy).toBe("default");
  });
});

test.each([
  ["file:///var/state", "/var/state"],
  ["file:///var/with%20space?no_tmp_dir=true", "/var/with space"],
  ["file://~", homedir()],
  ["file://./state", "/p/state"],
  ["https://api.pulumi.com", undefined],
])("the folder of %s is %s", (url, folder) => {
  expect(fileBackendFolder(url, "/p")).toBe(folder);
});
