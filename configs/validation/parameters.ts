import { findParameter, parameterNames } from "../catalogue/catalogue.ts";
import { readParameterValue } from "../catalogue/parameterValue.ts";
import type { Faults } from "./faults.ts";
import { reasonFixed } from "./fixedParameters.ts";
import type { Parameters } from "./nodeParameters.ts";
import { parameterRules } from "./parameterRules.ts";
import { isMapping, join } from "./read.ts";
import { suggest } from "./suggest.ts";

/** Reads one `parameters` mapping. What is wrong goes to `faults`; the result holds the rest. */
export function readParameters(raw: unknown, path: string, faults: Faults): Parameters {
  if (raw === undefined) return {};
  if (!isMapping(raw)) {
    faults.add({ path, value: raw, problem: "is no mapping", allowed: "PostgreSQL's parameters with their values" });
    return {};
  }
  const parameters: Record<string, string> = {};
  const spelledAs = new Map<string, string>();
  for (const [name, value] of Object.entries(raw)) {
    const earlier = spelledAs.get(name.toLowerCase());
    spelledAs.set(name.toLowerCase(), name);
    if (earlier !== undefined) {
      const problem = `is the same parameter as ${earlier}`;
      faults.add({
        path: join(path, name),
        value,
        problem,
        allowed: "each parameter once",
        remedy: "remove one of the two",
      });
      continue;
    }
    const found = readParameter(name, value, join(path, name), faults);
    if (found) parameters[found.name] = found.text;
  }
  return parameters;
}

function readParameter(name: string, value: unknown, path: string, faults: Faults) {
  const fixed = reasonFixed(name);
  if (fixed !== undefined) {
    faults.add({ path, value, problem: `is fixed: ${fixed}`, allowed: "no value", remedy: "remove it" });
    return undefined;
  }
  const given = asText(value);
  if (given === undefined) {
    const allowed = "one text, number or boolean; a list is one text with commas";
    faults.add({ path, value, problem: "is no single value", allowed });
    return undefined;
  }
  return name.includes(".") ? readCustom(name, given, path, faults) : readKnown(name, value, given, path, faults);
}

/** YAML's scalars as PostgreSQL writes them; undefined for anything else. */
function asText(value: unknown): string | undefined {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" ? value : undefined;
}

/** An extension's parameter: PostgreSQL takes any, its file two identifiers with a dot between (guc-file.l). */
function readCustom(name: string, given: string, path: string, faults: Faults) {
  if (!/^[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*\.[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*$/.test(name)) {
    faults.add({
      path,
      value: given,
      problem: "is no name of an extension's parameter",
      allowed: "two identifiers with a dot between: auto_explain.log_min_duration",
    });
    return undefined;
  }
  if (given.includes("\0")) {
    faults.add({ path, value: given, problem: "holds a NUL byte", allowed: "any other text" });
    return undefined;
  }
  // In lower case, so that a node's own value overrides the cluster's whichever way they are spelled.
  return { name: name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()), text: given };
}

function readKnown(name: string, value: unknown, given: string, path: string, faults: Faults) {
  const parameter = findParameter(name);
  if (!parameter) {
    const remedy = suggest(name, parameterNames) ?? "remove it; an extension's parameter has a dot in its name";
    faults.add({
      path,
      value,
      problem: "is no parameter of PostgreSQL 17",
      allowed: "the parameters of PostgreSQL 17",
      remedy,
    });
    return undefined;
  }
  if (parameter.context === "internal") {
    faults.add({
      path,
      value,
      problem: "is a fact that PostgreSQL reports, not a setting",
      allowed: "no value",
      remedy: "remove it",
    });
    return undefined;
  }
  const result = readParameterValue(parameter, given);
  const fault =
    "problem" in result ? result : parameterRules[parameter.name]?.(result.text, result.number ?? Number.NaN);
  if (fault) faults.add({ path, value, ...fault });
  return fault || "problem" in result ? undefined : { name: parameter.name, text: result.text };
}
