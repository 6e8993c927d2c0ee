import type { World } from "./world.ts";

export type Unit = "s" | "ms" | "MB";

/** One figure that the benchmark takes: who is compared, how a run of each is measured, and what has to come out. */
export interface Measure {
  /** As `--only` names it. */
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly targets: readonly Target[];
  /** Makes ready what is not part of the figure, warm-up included. Each contestant is then run in turn. */
  readonly contestants: (world: World) => Promise<readonly Contestant[]>;
}

export interface Contestant {
  readonly name: string;
  /** One run; its figure in the measure's unit. */
  readonly run: () => Promise<number>;
}

/** `median of <of>`, over `median of <over>` where that is given, must be at most `atMost`. */
export interface Target {
  readonly of: string;
  readonly over?: string;
  readonly atMost: number;
}

/** The figures of one measure, in the order in which they were taken. */
export interface Measurement {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  readonly contestants: readonly { readonly name: string; readonly figures: readonly number[] }[];
  readonly targets: readonly Target[];
}
