import { readdir, readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { describe, expect } from "vitest";
import { clusterTest } from "./support/clusterTest.ts";
import { ProcessSampler } from "./support/processSampler.ts";
import { generatedSecrets, leakedIn } from "./support/secrets.ts";

const test = clusterTest({ mode: "quorum" });
const engine = new Docker();

describe("no generated password or private key is found", () => {
  test("in what up prints, nor in any process of a container while it runs", async ({ stack }) => {
    const samplers = stack.nodeNames.map((node) => ProcessSampler.start(stack.node(node)));
    const { output } = await stack.up();
    const samples = await Promise.all(samplers.map((sampler) => sampler.stop()));
    const secrets = generatedSecrets(await stack.export());
    expect(secrets.map(({ name }) => name).sort()).toEqual([
      "ca-key",
      "monitor-password",
      "owner-password",
      "pg-1-tls-key",
      "pg-2-tls-key",
      "pg-3-tls-key",
      "replicator-password",
      "rewind-password",
    ]);
    expect(leakedIn(output, secrets)).toEqual([]);
    // The samples saw what they were made for.
    expect(samples[1]).toContain("pg_basebackup");
    expect(samples[0]).toContain("initdb");
    for (const sample of samples) expect(leakedIn(sample, secrets)).toEqual([]);
  });

  test("in the state, except encrypted", async ({ stack }) => {
    const secrets = generatedSecrets(await stack.export());
    expect(leakedIn(JSON.stringify(await stack.export()), secrets)).toHaveLength(secrets.length);
    expect(leakedIn((await stack.pulumi("stack", "export")).output, secrets)).toEqual([]);
    expect(leakedIn(await everyFileBelow(stack.project.root, ["node_modules"]), secrets)).toEqual([]);
  });

  test("in Pulumi's own logs", async ({ stack }) => {
    const secrets = generatedSecrets(await stack.export());
    const logs = join(process.env.PULUMI_HOME ?? join(homedir(), ".pulumi"), "logs");
    const names = (await readdir(logs).catch(() => [])).filter((name) => name.includes(stack.name));
    for (const name of names) expect(leakedIn(await readFile(join(logs, name), "latin1"), secrets)).toEqual([]);
  });

  test("in what Docker knows of the containers and their image", async ({ stack }) => {
    const secrets = generatedSecrets(await stack.export());
    for (const node of stack.nodeNames) {
      const info = (await stack.node(node).inspect())!;
      expect(leakedIn(JSON.stringify(info), secrets)).toEqual([]);
      const image = engine.getImage(info.Image);
      expect(leakedIn(JSON.stringify([await image.inspect(), await image.history()]), secrets)).toEqual([]);
    }
  });

  test("in the logs of the containers, which are PostgreSQL's, nor in its settings", async ({ stack }) => {
    const secrets = generatedSecrets(await stack.export());
    for (const node of stack.nodeNames) {
      const log = await stack.node(node).logTail(1_000_000);
      expect(log).toContain("database system is ready to accept");
      expect(leakedIn(log, secrets)).toEqual([]);
      const settings = await stack.sql(node, "select name, setting, reset_val from pg_settings");
      expect(leakedIn(JSON.stringify(settings), secrets)).toEqual([]);
    }
  });

  test("in the report", async ({ stack }) => {
    const secrets = generatedSecrets(await stack.export());
    expect(leakedIn(JSON.stringify(await stack.verify()), secrets)).toEqual([]);
    expect(leakedIn(JSON.stringify((await stack.outputs()).verification), secrets)).toEqual([]);
    for (const verb of ["verify", "status"] as const) {
      const { output } = await stack.start(verb, "--json").succeeded();
      expect(leakedIn(output, secrets)).toEqual([]);
    }
  });

  test("on a node's volumes, except in its key and its passfile, which only postgres reads", async ({ stack }) => {
    const secrets = generatedSecrets(await stack.export());
    const needles = secrets.flatMap(({ needles }) => needles).join("\n");
    for (const node of stack.nodeNames) {
      const search = `grep -rlaF "$1" /var/lib/postgresql /etc/postgres-cluster; test $? -le 1`;
      const holders = await stack.node(node).run(["bash", "-c", search, "search", needles]);
      const files = holders.trim().split("\n").sort();
      expect(files.map((file) => file.replace(/^.*\/releases\/[0-9a-f]+\//, ""))).toEqual([
        "passfile",
        "tls/server.key",
      ]);
      const modes = await stack.shell(node, `stat --format='%a %U' ${files.join(" ")}`);
      expect(modes.trim().split("\n")).toEqual(["600 postgres", "600 postgres"]);
    }
  });

  test("in a preview, nor in what an up prints that fails", async ({ stack }) => {
    await stack.configure({ parameters: { work_mem: "8MB" } });
    const { output: preview } = await stack.start("preview").succeeded();
    // Something that an up does not mend, so that its verification fails.
    await stack.sql("pg-1", "alter system set maintenance_work_mem = '99MB'");
    await stack.sql("pg-1", "select pg_reload_conf()");
    const { code, output } = await stack.start("up", "--diff").ended;
    expect(code).not.toBe(0);
    expect(output).toContain("NOT verified");
    expect(output).toContain("ALTER SYSTEM RESET maintenance_work_mem");
    const secrets = generatedSecrets(await stack.export());
    expect(leakedIn(preview, secrets)).toEqual([]);
    expect(leakedIn(output, secrets)).toEqual([]);
  });
});

/** The content of all files, one after the other. */
async function everyFileBelow(directory: string, except: readonly string[]): Promise<string> {
  const names = (await readdir(directory)).filter((name) => !except.includes(name));
  const contents = names.map(async (name) => {
    const path = join(directory, name);
    return (await stat(path)).isDirectory() ? everyFileBelow(path, except) : readFile(path, "latin1");
  });
  return (await Promise.all(contents)).join("\n");
}
