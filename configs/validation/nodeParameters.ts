import { findParameter } from "../catalogue/catalogue.ts";
import { readParameterValue } from "../catalogue/parameterValue.ts";
import { join } from "./read.ts";

/** Parameters by PostgreSQL's own name, values as its configuration file takes them. */
export type Parameters = Readonly<Record<string, string>>;

/** The parameters that are in effect on one node, and where each of them was set. */
export class NodeParameters {
  /** The node's own parameters; they override the cluster's. */
  readonly own: Parameters;
  readonly #path: string;
  readonly #cluster: Parameters;
  readonly #defaults: Parameters;

  /** `path` is the node's, as `nodes[1]`; `defaults` are ours. */
  constructor(path: string, defaults: Parameters, cluster: Parameters, own: Parameters) {
    this.#path = path;
    this.#defaults = defaults;
    this.#cluster = cluster;
    this.own = own;
  }

  /** The value in effect: the node's, the cluster's, ours or PostgreSQL's own default. */
  text(name: string): string {
    return this.own[name] ?? this.#cluster[name] ?? this.#defaults[name] ?? findParameter(name)?.boot ?? "";
  }

  /** The value in base units. */
  number(name: string): number {
    const parameter = findParameter(name);
    const value = parameter && readParameterValue(parameter, this.text(name));
    if (!value || "problem" in value || value.number === undefined) throw new Error(`${name} is no number`);
    return value.number;
  }

  sum(names: readonly string[]): number {
    return names.reduce((sum, name) => sum + this.number(name), 0);
  }

  /** Whether the stack config sets it, for the node or for all. */
  isSet(name: string): boolean {
    return name in this.own || name in this.#cluster;
  }

  /** Where the value was set, or where one would set it. */
  pathOf(name: string): string {
    return join(name in this.own ? `${this.#path}.parameters` : "parameters", name);
  }
}
