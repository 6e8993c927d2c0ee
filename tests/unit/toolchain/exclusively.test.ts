import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { exclusively } from "../../../toolchain/exclusively.mjs";
import { projectDir } from "../../../toolchain/project.ts";

const name = (test: string) => `${test} ${process.pid}`;

test("one at a time, in this process too", async () => {
  let inside = 0;
  let waited = 0;
  const work = async () => {
    expect(++inside).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    inside--;
    return "result";
  };
  const all = Array.from({ length: 5 }, () => exclusively(name("one"), work, () => waited++));
  expect(await Promise.all(all)).toEqual(Array(5).fill("result"));
  expect(waited).toBe(4);
});

test("an error of the work passes, and frees the lock", async () => {
  const failing = exclusively(name("error"), () => {
    throw new Error("no");
  });
  await expect(failing).rejects.toThrow("no");
  expect(await exclusively(name("error"), () => 1)).toBe(1);
});

test("a holder that is killed holds no longer", async () => {
  const module = join(projectDir, "toolchain/exclusively.mjs");
  const script = `import { exclusively } from ${JSON.stringify(module)};
    await exclusively(${JSON.stringify(name("killed"))}, () => { console.log("held"); return new Promise((r) => setTimeout(r, 60000)); });`;
  const holder = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(holder.stdout, "data");
  const order: string[] = [];
  const waiting = exclusively(
    name("killed"),
    () => order.push("worked"),
    () => {
      order.push("waited");
      holder.kill("SIGKILL");
    },
  );
  await waiting;
  expect(order).toEqual(["waited", "worked"]);
});
