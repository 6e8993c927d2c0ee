/** Milliseconds without any change after which a subscriber counts as stuck. */
export const standsStillAfter = 120_000;
