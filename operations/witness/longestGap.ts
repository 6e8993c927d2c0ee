/** A time without any acknowledgement, in milliseconds since the witness began. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly milliseconds: number;
}

/**
 * The longest time between two neighbours of `moments`, in any order, where the begin and the end of the whole time count as neighbours,
 * too: writes that never came back are a gap up to the end.
 */
export function longestGap(moments: readonly number[], begin: number, end: number): Gap {
  const within = moments.filter((moment) => moment > begin && moment < end).sort((a, b) => a - b);
  let longest: Gap = { from: begin, to: begin, milliseconds: 0 };
  let from = begin;
  for (const to of [...within, end]) {
    if (to - from > longest.milliseconds) longest = { from, to, milliseconds: to - from };
    from = to;
  }
  return longest;
}
