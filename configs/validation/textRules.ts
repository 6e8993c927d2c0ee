import { encodings, timeZones } from "../catalogue/catalogue.ts";
import type { ParameterRule } from "./parameterRules.ts";
import { suggest } from "./suggest.ts";

/** Rules for parameters that `pg_settings` calls a string, though PostgreSQL takes certain words only. It compares them without regard to case. */

/** A list, with commas, of some of `known`; with "one", a single one of them. */
export function words(kind: string, known: readonly string[], count: "many" | "one" = "many"): ParameterRule {
  const lowerCase = new Set(known.map((word) => word.toLowerCase()));
  return (text) => {
    const given = count === "one" ? [text] : listOf(text);
    const wrong = given.find((word) => !lowerCase.has(word.toLowerCase()));
    return wrong === undefined ? undefined : unknownWord(kind, wrong, known, known.join(", "));
  };
}

/** Libraries to load. A wrong name keeps the server, or every session, from starting. */
export function preload(libraries: readonly string[]): ParameterRule {
  return (text) => {
    const wrong = listOf(text).find(
      (item) => !libraries.includes(item.replace(/^\$libdir\//, "").replace(/\.so$/, "")),
    );
    return wrong === undefined
      ? undefined
      : unknownWord("library of the nodes", wrong, libraries, libraries.join(", "));
  };
}

/** Libraries that every user may load are in a directory of their own, which the nodes do not have. */
export const noLibrary: ParameterRule = (text) =>
  text === ""
    ? undefined
    : { problem: "names a library that the nodes do not have: no session could start", allowed: "nothing" };

export const timeZone: ParameterRule = (text) => {
  // A POSIX rule such as UTC+3 or CET-1CEST is a time zone, too.
  const known =
    /^[A-Za-z]{3,}[+-]?\d/.test(text) || timeZones.some((name) => name.toLowerCase() === text.toLowerCase());
  return known
    ? undefined
    : unknownWord("time zone of the nodes", text, timeZones, "names such as UTC or Europe/Berlin");
};

/** The node image's locales. */
export const locale: ParameterRule = (text) =>
  /^(?:C|POSIX|C\.utf-?8)$/i.test(text) ? undefined : unknownWord("locale of the nodes", text, [], "C, C.UTF-8, POSIX");

/** PostgreSQL looks at letters and digits only: utf-8 is UTF8. */
export const clientEncoding: ParameterRule = (text) => {
  const plain = (name: string) => name.replace(/[^A-Za-z0-9]/g, "").toLowerCase();
  const known = plain(text) !== "" && [...encodings, "unicode"].some((name) => plain(name) === plain(text));
  return known ? undefined : unknownWord("encoding", text, encodings, encodings.join(", "));
};

function unknownWord(kind: string, word: string, known: readonly string[], allowed: string) {
  const remedy = suggest(word, known);
  return { problem: `names "${word}", which is no ${kind}`, allowed, ...(remedy && { remedy }) };
}

/** A list with commas, as PostgreSQL splits it: blanks around, and quotes around an item, do not count. */
function listOf(text: string): string[] {
  if (text.trim() === "") return [];
  return text.split(",").map((item) => item.trim().replace(/^"(.*)"$/, "$1"));
}
