import { expect, test } from "vitest";
import { type Clock, type UntilOptions, until } from "../../../operations/until.ts";

/** A clock on which waiting takes no time. */
function fakeClock() {
  let now = 1000;
  const waits: number[] = [];
  const clock: Clock = {
    now: () => now,
    wait: async (milliseconds) => {
      waits.push(milliseconds);
      now += milliseconds;
    },
  };
  return { clock, waits, pass: (milliseconds: number) => (now += milliseconds) };
}

function options(clock: Clock, more: Partial<UntilOptions> = {}): UntilOptions {
  return { timeout: 100, interval: 30, clock, onTimeout: () => new Error("too late"), ...more };
}

test("what holds at once is not waited for, and a false result is a result", async () => {
  const { clock, waits } = fakeClock();
  expect(await until(async () => false, options(clock))).toBe(false);
  expect(await until(async () => null, options(clock))).toBe(null);
  expect(waits).toEqual([]);
});

test("looks again after each interval until there is a result", async () => {
  const { clock, waits } = fakeClock();
  const answers = [undefined, undefined, "there"];
  expect(await until(async () => answers.shift(), options(clock))).toBe("there");
  expect(waits).toEqual([30, 30]);
});

test("ends with the error that is made when the time is up, after a last look", async () => {
  const { clock, waits } = fakeClock();
  let looks = 0;
  const look = async () => {
    looks++;
    return undefined;
  };
  await expect(
    until(look, options(clock, { onTimeout: async () => new Error(`after ${looks} looks`) })),
  ).rejects.toThrow("after 5 looks");
  expect(waits).toEqual([30, 30, 30, 30]);
});

test("the time that a look takes counts", async () => {
  const { clock, pass, waits } = fakeClock();
  const slow = async () => void pass(99);
  await expect(until(slow, options(clock))).rejects.toThrow("too late");
  expect(waits).toEqual([30]);
});

test("a result is taken also when it comes too late", async () => {
  const { clock, pass } = fakeClock();
  const late = async () => {
    pass(1000);
    return "there";
  };
  expect(await until(late, options(clock))).toBe("there");
});

test("an error of the condition ends the wait at once", async () => {
  const { clock, waits } = fakeClock();
  const broken = () => Promise.reject(new Error("broken"));
  await expect(until(broken, options(clock))).rejects.toThrow("broken");
  expect(waits).toEqual([]);
});

test("with a progress, the time begins anew whenever that changes", async () => {
  const { clock, waits } = fakeClock();
  let looks = 0;
  const look = async () => void looks++;
  const progress = () => Math.min(looks, 3);
  await expect(until(look, options(clock, { progress }))).rejects.toThrow("too late");
  // Twice on the way to the third look, and from there as long as without any.
  expect(waits).toEqual([30, 30, 30, 30, 30, 30]);
});
