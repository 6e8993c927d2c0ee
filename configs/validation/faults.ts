import { UserError } from "../userError.ts";

/** One thing that is wrong in a stack config. */
export interface Fault {
  /** As one writes it in JavaScript: `nodes[1].parameters.work_mem`. */
  readonly path: string;
  /** The value as it was given; undefined where it is missing. */
  readonly value?: unknown;
  /** What is wrong. */
  readonly problem: string;
  /** What would be right. */
  readonly allowed: string;
  /** What to do, where `allowed` does not say it all. */
  readonly remedy?: string;
}

/** Collects faults, so that a user sees all of them at once. */
export class Faults {
  readonly list: Fault[] = [];
  readonly #secure: readonly string[];

  /** `secure`: keys whose value is encrypted. That is the fault; whatever else follows from the value's absence is not. */
  constructor(secure: readonly string[] = []) {
    this.#secure = secure;
    for (const path of secure) {
      const problem =
        "is encrypted, and none of these keys is a secret: passwords are generated, all else is shown in previews";
      this.list.push({ path, problem, allowed: "a plain value", remedy: "set it again without --secret" });
    }
  }

  /** A fault of the cluster's `parameters` is found once for every node; it is kept once. */
  add(fault: Fault): void {
    if (this.#secure.some((key) => key === fault.path || fault.path.startsWith(`${key}.`))) return;
    const known = this.list.some(({ path, problem }) => path === fault.path && problem === fault.problem);
    if (!known) this.list.push(fault);
  }

  /** Throws all of them as one UserError, if there are any. */
  throwIfAny(source: string): void {
    if (this.list.length > 0) throw new UserError(faultText(source, this.list));
  }
}

/** All faults as text for people, sorted by path: up to four short lines each. */
export function faultText(source: string, faults: readonly Fault[]): string {
  const count = faults.length === 1 ? "1 fault" : `${faults.length} faults`;
  const sorted = [...faults].sort((a, b) => a.path.localeCompare(b.path, "en", { numeric: true }));
  return [`${source}: ${count}; nothing was changed.`, ...sorted.map(oneFault)].join("\n\n");
}

function oneFault({ path, value, problem, allowed, remedy }: Fault): string {
  const lines = [
    `  ${path}${value === undefined ? "" : ` = ${shown(value)}`}`,
    `    ${problem}`,
    `    allowed: ${allowed}`,
  ];
  if (remedy) lines.push(`    do: ${remedy}`);
  return lines.join("\n");
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
