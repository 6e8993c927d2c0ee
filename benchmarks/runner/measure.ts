export type Unit = "s" | "ms" | "MB";

/** What is compared, how a run of each contestant is measured, and what has to come out. `Arena`: what its contestants are made of. */
export interface Measure<Arena> {
  /** As `--only` names it. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** Makes ready what is not part of the figures, warm-up included. Each contestant is then run in turn. */
  readonly contestants: (arena: Arena) => Promise<readonly Contestant[]>;
}

export interface Contestant {
  /** One run; its figures by name, in the measure's unit. Every run has the same names, and no two contestants share one. */
  readonly run: () => Promise<Readonly<Record<string, number>>>;
}

/** `median of <of>`, over `median of <over>` where that is given, must be at most `atMost`. */
export interface Target {
  readonly of: string;
  readonly over?: string;
  readonly atMost: number;
}

/** The figures of one measure by their name, in the order in which they were taken. */
export interface Measurement {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly contestants: readonly { readonly name: string; readonly figures: readonly number[] }[];
  readonly targets: readonly Target[];
}
