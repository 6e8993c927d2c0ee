/** A write that a node accepted. Times are milliseconds on one clock, that of the client. */
export interface AcceptedWrite {
  readonly node: string;
  /** Of the node's server when it accepted the write. */
  readonly timeline: number;
  readonly sentAt: number;
  readonly acknowledgedAt: number;
}

/** Two writes that no single primary can have accepted. */
export interface SplitBrain {
  /** Accepted by one node before … */
  readonly earlier: AcceptedWrite;
  /** … this one was even sent to another, whose time was over by then. */
  readonly later: AcceptedWrite;
}

/**
 * The invariant: at every moment one node accepts writes, and never again on a timeline once another node has taken over from it.
 *
 * A term is the time of one node on one timeline; a promotion begins a new term, on a higher timeline (PostgreSQL manual, 25.3.6). A planned
 * A → B → A is three terms on growing timelines, and legitimate. Terms must not overlap:
 *
 * - of two terms on different timelines, the one on the lower timeline is over before the other begins;
 * - of two terms of different nodes on the same timeline (two standbys promoted independently of each other, or a server started
 *   without its standby signal), one is over before the other begins, whichever it is.
 *
 * A write took effect at some moment from when it was sent to when it was acknowledged. So "X is over before Y begins" is contradicted
 * exactly if a write of X was *sent* after a write of Y was *acknowledged*; whatever is closer together may have been the other way
 * round, and accuses nobody. Of each term only its last sending and its first acknowledgement matter; one finding is returned for each pair
 * of terms that overlap, with these two writes as its evidence.
 */
export function findSplitBrain(writes: Iterable<AcceptedWrite>): SplitBrain[] {
  const terms = termsOf(writes);
  const found: SplitBrain[] = [];
  for (const [index, one] of terms.entries()) {
    for (const other of terms.slice(index + 1)) {
      const [lower, higher] = one.timeline <= other.timeline ? [one, other] : [other, one];
      const evidence = contradiction(lower, higher);
      if (evidence === undefined) continue;
      if (lower.timeline < higher.timeline || contradiction(higher, lower) !== undefined) found.push(evidence);
    }
  }
  return found;
}

interface Term {
  readonly timeline: number;
  lastSent: AcceptedWrite;
  firstAcknowledged: AcceptedWrite;
}

function termsOf(writes: Iterable<AcceptedWrite>): Term[] {
  const terms = new Map<string, Term>();
  for (const write of writes) {
    const key = `${write.timeline}/${write.node}`;
    const term = terms.get(key);
    if (term === undefined) {
      terms.set(key, { timeline: write.timeline, lastSent: write, firstAcknowledged: write });
      continue;
    }
    if (write.sentAt > term.lastSent.sentAt) term.lastSent = write;
    if (write.acknowledgedAt < term.firstAcknowledged.acknowledgedAt) term.firstAcknowledged = write;
  }
  return [...terms.values()];
}

/** Two writes that show that `over` was not over before `begun` began. */
function contradiction(over: Term, begun: Term): SplitBrain | undefined {
  if (over.lastSent.sentAt <= begun.firstAcknowledged.acknowledgedAt) return undefined;
  return { earlier: begun.firstAcknowledged, later: over.lastSent };
}
