import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse, stringify } from "yaml";
import { fromPulumi } from "../../../configs/load.ts";
import { loadSpecFromFile, parseStackConfig } from "../../../configs/loadFile.ts";
import { loadLogicalReader } from "../../../configs/loadLogicalReader.ts";
import { UserError } from "../../../configs/userError.ts";
import { configDefaults, configKeys, validateSpec } from "../../../configs/validateSpec.ts";

const root = join(import.meta.dirname, "../../..");
const stacks = ["async", "quorum", "logical"];

/** A stack file, and what the CLI 3.259.0 makes of it (`pulumi config --json`). */
const stackFile = `
config:
  postgres-cluster:mode: [a, 5]
  postgres-cluster:nodes: { a: 1 }
  postgres-cluster:parameters:
    { on: on, true: true, octal: 0700, text: "0700", thousand: 1_000, exponent: 1e3, fraction: 0.50, "null": ,
      hexadecimal: 0x1F, sexagesimal: 1:30, yes: yes, negative: -1, plus: +5, newOctal: 0o17, d.x: 5, list: [1, "a"] }
  docker:host: x
encryptionsalt: v1:x
`;
const fromCli = {
  "docker:host": "x",
  "postgres-cluster:mode": '["a",5]',
  "postgres-cluster:nodes": '{"a":1}',
  "postgres-cluster:parameters":
    '{"d.x":5,"exponent":1000,"fraction":0.5,"hexadecimal":31,"list":[1,"a"],"negative":-1,"newOctal":15,"null":null,"octal":448,"on":"on","plus":5,"sexagesimal":"1:30","text":"0700","thousand":1000,"true":true,"yes":"yes"}',
};

describe("a stack's config", () => {
  test("is the same from its file as from Pulumi", () => {
    expect(parseStackConfig("test", stackFile)).toEqual(fromPulumi("test", "postgres-cluster", fromCli, ""));
  });

  test.each(stacks)("of stack %s is valid", async (stack) => {
    expect(await loadSpecFromFile(root, stack)).toMatchObject({ stack, mode: stack, primary: "pg-1" });
  });

  test("of all stacks can run side by side: no port is used twice", async () => {
    const specs = await Promise.all(stacks.map((stack) => loadSpecFromFile(root, stack)));
    const ports = specs.flatMap(({ nodes }) => nodes.map(({ port }) => port));
    expect(new Set(ports).size).toBe(ports.length);
  });

  test("that does not exist is a fault that names the file", () => {
    return expect(loadSpecFromFile(root, "nowhere")).rejects.toThrow(/configs\/Pulumi\.nowhere\.yaml does not exist/);
  });

  test("that is no YAML is a fault that names the file", () => {
    expect(() => parseStackConfig("test", "config: [")).toThrow(/configs\/Pulumi\.test\.yaml: /);
  });

  test.each(["", "config:", "- a", "other: 1"])("without any config (%j) is empty", (text) => {
    expect(parseStackConfig("test", text).config).toEqual({});
  });

  test("that only looks like JSON stays a text", () => {
    expect(fromPulumi("s", "p", { "p:database": "{x" }, "").config).toEqual({ database: "{x" });
  });
});

describe("the schema files of mode logical", () => {
  const project = async (files: Readonly<Record<string, string | Uint8Array>>, schema: readonly string[]) => {
    const directory = await mkdtemp(join(tmpdir(), "postgres-cluster-schema-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    await mkdir(join(directory, "configs", "schema.sql"), { recursive: true });
    const stack = {
      "postgres-cluster:mode": "logical",
      "postgres-cluster:nodes": ["pg-1", "pg-2"].map((name, index) => ({ name, port: 5452 + index })),
      "postgres-cluster:primary": "pg-1",
      "postgres-cluster:schema": schema,
      "postgres-cluster:publications": [{ name: "p", tables: [{ name: "t" }] }],
    };
    await writeFile(join(directory, "configs", "Pulumi.test.yaml"), stringify({ config: stack }));
    for (const [name, content] of Object.entries(files)) await writeFile(join(directory, "configs", name), content);
    return loadSpecFromFile(directory, "test");
  };

  test("are read in their order, without a byte order mark", async () => {
    const spec = await project({ "b.sql": "\ufeffcreate table t (id int primary key);", "a.sql": "select 1;" }, [
      "b.sql",
      "a.sql",
    ]);
    expect(spec.logical?.schemaFiles).toEqual([
      { path: "b.sql", text: "create table t (id int primary key);" },
      { path: "a.sql", text: "select 1;" },
    ]);
  });

  test("that cannot be read are faults, each with its reason", async () => {
    const spec = project({ "a.sql": Uint8Array.of(0x2d, 0x2d, 0xff) }, [
      "a.sql",
      "none.sql",
      "schema.sql",
      "a.sql/b.sql",
      "c\0.sql",
    ]);
    await expect(spec).rejects.toThrow(UserError);
    const text = String(await spec.catch((error) => error));
    for (const reason of ["is no UTF-8 text", "there is no such file", "is a folder", "is no plain path"]) {
      expect(text).toContain(reason);
    }
  });

  test.each([
    { mode: "async", schema: ["none.sql"] },
    { mode: "qorum", schema: [], publications: [], initialCopy: "" },
  ])("are not looked at in other modes, nor is a parser loaded for them: %j", async (config) => {
    expect(await loadLogicalReader({ stack: "test", config, secure: [] }, "/nowhere")).toBeUndefined();
  });

  test("are looked at where the mode is misspelled", async () => {
    const config = { mode: "logicall", schema: ["none.sql"] };
    expect(await loadLogicalReader({ stack: "test", config, secure: [] }, "/nowhere")).toBeDefined();
  });
});

describe("an encrypted value", () => {
  const text =
    "config:\n  postgres-cluster:parameters: { work_mem: { secure: v1:c2VjcmV0 } }\n  postgres-cluster:mode: async\n";

  test("is found in a file at any depth, and not kept", () => {
    expect(parseStackConfig("test", text)).toEqual({
      stack: "test",
      config: { mode: "async" },
      secure: ["parameters"],
    });
  });

  test("is found in Pulumi's config, and not kept", () => {
    const all = { "p:database": "hidden", "p:mode": "async", "q:token": "hidden" };
    expect(fromPulumi("test", "p", all, '["p:database","q:token"]')).toEqual({
      stack: "test",
      config: { mode: "async" },
      secure: ["database"],
    });
  });

  test("is refused without being shown", () => {
    expect(() => validateSpec(parseStackConfig("test", text))).toThrow(/parameters\n {4}is encrypted/);
    expect(() => validateSpec(parseStackConfig("test", text))).not.toThrow(/c2VjcmV0/);
  });
});

describe("Pulumi.yaml", () => {
  const project = parse(readFileSync(join(root, "Pulumi.yaml"), "utf8"));

  test("declares exactly the keys that validation knows, each with a description that begins with its type", () => {
    expect(Object.keys(project.config)).toEqual([...configKeys]);
    for (const { description } of Object.values<{ description: string }>(project.config)) {
      expect(description).toMatch(/^(?:Text|Whole number|Mapping|List of (?:mappings|texts))[.,]/);
    }
  });

  test("declares the defaults that validation has, and an empty one where there is none", () => {
    const defaults = Object.entries<{ default: unknown }>(project.config).map(([key, declared]) => [
      key,
      declared.default,
    ]);
    const filled = defaults.filter(([, value]) => typeof value !== "object" && value !== "");
    expect(Object.fromEntries(filled)).toEqual(configDefaults);
    expect(defaults.every(([, value]) => value !== undefined && value !== null)).toBe(true);
  });

  test("lets Pulumi check no type: it would stop at the first fault", () => {
    for (const declared of Object.values<object>(project.config)) expect(declared).not.toHaveProperty("type");
  });

  test("leaves the choice of backend to the user", () => {
    expect(project).not.toHaveProperty("backend");
  });
});

test("docs/config.md describes every key", () => {
  const headings = [...readFileSync(join(root, "docs/config.md"), "utf8").matchAll(/^## (.+)$/gm)].map(
    ([, key]) => key,
  );
  expect(headings).toEqual([...configKeys]);
});
