import { execFile } from "node:child_process";
import { access, constants, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installRegistryOnlyPlugins } from "../../toolchain/plugins/install.ts";

const run = promisify(execFile);
let root: string;
let pulumiHome: string;
let pulumiBinary: string;
const files = [
  "plugins/resource-command-v1.2.1/pulumi-resource-command",
  "plugins/resource-docker-v5.2.0/pulumi-resource-docker",
  "plugins/resource-random-v4.21.2/pulumi-resource-random",
  "plugins/resource-tls-v5.6.1/pulumi-resource-tls",
  "versions/3.259.0/bin/pulumi",
  "versions/3.259.0/bin/pulumi-language-nodejs",
];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "install-"));
  pulumiHome = join(root, "a home");
  pulumiBinary = join(root, "pulumi");
  await writeFile(pulumiBinary, "#!/bin/sh\necho the CLI\n", { mode: 0o755 });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const install = (node = process.execPath, projectDir = "/checkout/it's here") =>
  installRegistryOnlyPlugins({ pulumiHome, pulumiBinary, node, projectDir });

test("it makes a home with the CLI, the language host and four plugins, and nothing else anywhere", async () => {
  await install();
  const made = (await readdir(root, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const paths = made.map(({ parentPath, name }) => join(parentPath, name)).sort();
  expect(paths).toEqual([...files.map((file) => join(pulumiHome, file)), pulumiBinary].sort());
  for (const file of files) await access(join(pulumiHome, file), constants.X_OK);
  expect((await run(join(pulumiHome, "versions/3.259.0/bin/pulumi"))).stdout).toBe("the CLI\n");
});

test("the scripts run their part of the checkout, with every argument, wherever it lies", async () => {
  const node = join(root, "node");
  await writeFile(node, '#!/bin/sh\nprintf "%s\\n" "$NODE_COMPILE_CACHE" "$@"\n', { mode: 0o755 });
  await install(node);
  const { stdout } = await run(join(pulumiHome, files[1] as string), ["-v=3", "127.0.0.1:1"], { env: {} });
  expect(stdout.split("\n")).toEqual([
    join(pulumiHome, "compile-cache"),
    "--disable-warning=ExperimentalWarning",
    "/checkout/it's here/toolchain/plugins/docker/main.ts",
    "-v=3",
    "127.0.0.1:1",
    "",
  ]);
});

test("a second run leaves alone what is right, and mends what is not", async () => {
  await install();
  const times = () => Promise.all(files.map(async (file) => (await stat(join(pulumiHome, file))).ctimeMs));
  const first = await times();
  await Promise.all([install(), install()]);
  expect(await times()).toEqual(first);

  await writeFile(join(pulumiHome, files[0] as string), "broken");
  await rm(join(pulumiHome, files[5] as string));
  await rm(pulumiBinary);
  await writeFile(pulumiBinary, "#!/bin/sh\necho another CLI\n", { mode: 0o755 });
  await install("/elsewhere/node");
  expect(await readFile(join(pulumiHome, files[0] as string), "utf8")).toContain("/elsewhere/node");
  expect((await run(join(pulumiHome, files[4] as string))).stdout).toBe("another CLI\n");
});
