import { randomInt } from "node:crypto";
import type { Resource } from "../framework/resource.ts";
import { boolean, integer, map, string } from "../framework/resourceSchema.ts";
import { bcryptHash } from "./bcryptHash.ts";

interface PasswordInputs {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  overrideSpecial: string | null;
}

const atLeastOne = (value: unknown) => ((value as number) >= 1 ? undefined : `is ${value}, must be at least 1`);
const kind = () => boolean({ default: true, forceNew: true });
const minimum = () => integer({ default: 0, forceNew: true });

/** `random:index/randomPassword:RandomPassword`: a password from the system's cryptographic random numbers. */
export const randomPassword: Resource = {
  schema: {
    token: "random:index/randomPassword:RandomPassword",
    inputs: {
      length: integer({ required: true, forceNew: true, refuse: atLeastOne }),
      lower: kind(),
      upper: kind(),
      numeric: kind(),
      special: kind(),
      minLower: minimum(),
      minUpper: minimum(),
      minNumeric: minimum(),
      minSpecial: minimum(),
      overrideSpecial: string({ forceNew: true }),
      keepers: map(string(), { forceNew: true }),
    },
    outputs: { result: string({ secret: true }), bcryptHash: string({ secret: true }), number: boolean() },
    idInOutputs: true,
    coarseDiff: true,
    meta: { schema_version: "3" },
  },

  async create(wanted) {
    const result = randomText(wanted as unknown as PasswordInputs);
    return {
      id: "none",
      outputs: { ...wanted, number: wanted.numeric ?? true, result, bcryptHash: await bcryptHash(result) },
    };
  },

  async update(_id, state, wanted) {
    return { ...state, ...wanted };
  },

  importable: true,
  /** There is nothing to read; an import has the password itself as its id. */
  async read(id, state) {
    if (typeof state.result === "string") return { id, outputs: state };
    const all = { number: true, lower: true, upper: true, numeric: true, special: true };
    const minima = { minLower: 0, minUpper: 0, minNumeric: 0, minSpecial: 0 };
    const length = Buffer.byteLength(id);
    return { id: "none", outputs: { ...all, ...minima, length, result: id, bcryptHash: await bcryptHash(id) } };
  },
};

/** A text of the wanted length: first as many of each kind as demanded, then any of the allowed kinds, then shuffled. */
function randomText(inputs: PasswordInputs): string {
  const kinds = [
    { characters: "abcdefghijklmnopqrstuvwxyz", allowed: inputs.lower, minimum: inputs.minLower },
    { characters: "ABCDEFGHIJKLMNOPQRSTUVWXYZ", allowed: inputs.upper, minimum: inputs.minUpper },
    { characters: "0123456789", allowed: inputs.numeric, minimum: inputs.minNumeric },
    {
      characters: inputs.overrideSpecial || "!@#$%&*()-_=+[]{}<>:?",
      allowed: inputs.special,
      minimum: inputs.minSpecial,
    },
  ];
  const allowed = kinds.map(({ characters, allowed }) => (allowed ? characters : "")).join("");
  if (allowed === "") throw new Error("the character set specified is empty: allow lower, upper, numeric, or special");
  const demanded = kinds.flatMap(({ characters, minimum }) => randomCharacters(characters, minimum));
  const free = inputs.length - demanded.length;
  if (free < 0) throw new Error(`length is ${inputs.length}, but the minima add up to ${demanded.length}`);
  return shuffle([...demanded, ...randomCharacters(allowed, free)]).join("");
}

function randomCharacters(characters: string, count: number): string[] {
  const choices = [...characters];
  return Array.from({ length: count }, () => choices[randomInt(choices.length)] as string);
}

/** Fisher and Yates's shuffle: every order is equally likely. */
function shuffle(items: string[]): string[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other] as string, items[last] as string];
  }
  return items;
}
