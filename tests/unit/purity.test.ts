import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, test } from "vitest";

/** The rules of the layout: what may know of Pulumi, of Docker and of a running cluster. */
const root = join(import.meta.dirname, "../..");

const sources = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(folder, file));

const text = (file: string) => readFileSync(join(root, file), "utf8");

interface Import {
  readonly specifier: string;
  /** Erased before the program runs. */
  readonly typeOnly: boolean;
}

function imports(file: string): Import[] {
  const statements = text(file).matchAll(/^(?:import|export)\s+(type\s)?(?:[^;"']*?\sfrom\s+)?"([^"]+)"/gm);
  const dynamic = text(file).matchAll(/\bimport\(\s*"([^"]+)"/g);
  return [
    ...[...statements].map(([, type, specifier]) => ({ specifier: specifier as string, typeOnly: type !== undefined })),
    ...[...dynamic].map(([, specifier]) => ({ specifier: specifier as string, typeOnly: false })),
  ];
}

/** Packages that a file brings in when it runs, itself or through the project's own files. */
function packagesOf(file: string, seen = new Set<string>()): string[] {
  if (seen.has(file) || !file.endsWith(".ts")) return [];
  seen.add(file);
  return imports(file)
    .filter(({ typeOnly }) => !typeOnly)
    .flatMap(({ specifier }) =>
      specifier.startsWith(".") ? packagesOf(relative(root, join(root, dirname(file), specifier)), seen) : [specifier],
    );
}

describe("configs/ describes and touches nothing", () => {
  const exceptions = ["configs/load.ts", "configs/sql/loadSqlParser.ts"];

  test.each(sources("configs").filter((file) => !exceptions.includes(file)))("%s", (file) => {
    const outside = imports(file)
      .filter(({ typeOnly }) => !typeOnly)
      .map(({ specifier }) => specifier)
      .filter((specifier) => !specifier.startsWith("."));
    expect(
      outside.filter((specifier) => !/^(?:valibot|yaml|node:(?:crypto|fs|fs\/promises|net|path))$/.test(specifier)),
    ).toEqual([]);
  });

  test("only load.ts knows Pulumi, and only its SDK", () => {
    const pulumi = imports("configs/load.ts")
      .map(({ specifier }) => specifier)
      .filter((specifier) => !specifier.startsWith("."));
    expect(pulumi).toEqual(["@pulumi/pulumi"]);
  });

  test("only loadSqlParser.ts knows the SQL parser, and loads it when asked to", () => {
    const loading = sources("configs").filter((file) =>
      imports(file).some(({ specifier }) => specifier === "libpg-query"),
    );
    expect(loading.filter((file) => /^import (?!type)[^;]*"libpg-query"/m.test(text(file)))).toEqual([]);
    expect(packagesOf("configs/validateSpec.ts")).not.toContain("libpg-query");
  });

  test("planning and rendering read no file and no socket", () => {
    expect([...new Set(packagesOf("configs/plan.ts"))].sort()).toEqual(["node:crypto", "valibot"]);
    expect(packagesOf("configs/render/runtime.ts")).toEqual([]);
  });
});

test.each(sources("components"))("%s reads no config", (file) => {
  expect(text(file)).not.toMatch(/\bpulumi\.Config\b|\bnew Config\(|allConfig\(/);
  expect(imports(file).filter(({ specifier }) => /configs\/load(?:File)?\.ts$/.test(specifier))).toEqual([]);
});

test("operations/reconcile.ts is a function of data", () => {
  const packages = packagesOf("operations/reconcile.ts").filter((specifier) => specifier !== "node:crypto");
  expect(packages).toEqual([]);
});
