import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { projectDir } from "../../../toolchain/project.ts";
import { pulumiVersion, resourcePlugins } from "../../../toolchain/pulumi/versions.ts";

const text = (...path: string[]) => readFileSync(join(projectDir, ...path), "utf8");
const { dependencies } = JSON.parse(text("package.json"));

describe("one version everywhere", () => {
  test("the launcher, the SDK and the Go module are of one version, pinned exactly", () => {
    expect(pulumiVersion).toMatch(/^\d+\.\d+\.\d+$/);
    expect(dependencies["@pulumi/pulumi"]).toBe(pulumiVersion);
    expect(text("toolchain/pulumi-cli/go.mod")).toContain(`github.com/pulumi/pulumi/pkg/v3 v${pulumiVersion}`);
    expect(text("toolchain/pulumi-cli/go.mod")).toContain(`github.com/pulumi/pulumi/sdk/v3 v${pulumiVersion}`);
  });

  test("the registry-only plugins stand in for the plugins of the same versions", () => {
    const installer = text("toolchain/plugins/install.ts");
    for (const { name, version } of resourcePlugins) expect(installer).toContain(`${name}: "${version}"`);
    expect(installer).toContain(`"${pulumiVersion}"`);
  });
});
