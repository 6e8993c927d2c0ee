import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellExports } from "../../../toolchain/shellExports.ts";

const path = ["/p/.pulumi-home/versions/3.259.0/bin", "/with space/bin"];

test("are lines for eval that extend PATH", () => {
  const exports = { PULUMI_HOME: "/p/.pulumi-home", PULUMI_SKIP_UPDATE_CHECK: "true" };
  expect(shellExports({ exports, path })).toBe(
    [
      "export PULUMI_HOME=/p/.pulumi-home",
      "export PULUMI_SKIP_UPDATE_CHECK=true",
      `export PATH=/p/.pulumi-home/versions/3.259.0/bin:'/with space/bin':"$PATH"`,
      "",
    ].join("\n"),
  );
});

test("survive a shell, whatever is in them", () => {
  const value = `it's "a" $HOME \`x\` \\ ; path`;
  const script = `${shellExports({ exports: { VALUE: value }, path })}\nprintf '%s\\n%s' "$VALUE" "$PATH"`;
  const output = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8", env: { PATH: "/usr/bin" } });
  expect(output).toBe(`${value}\n${path.join(":")}:/usr/bin`);
});

test("never print the passphrase", () => {
  expect(shellExports({ exports: { PULUMI_CONFIG_PASSPHRASE: "secret" }, path: [] })).not.toContain("secret");
});
