/** The t in [lo, hi] from which a condition that holds early no longer does, by bisection to the last bit. */
export const bisect = (early: (t: number) => boolean, lo: number, hi: number): number => {
  let [before, after] = [lo, hi];
  for (;;) {
    const middle = (before + after) / 2;
    if (!(middle > before && middle < after)) return after;
    if (early(middle)) before = middle;
    else after = middle;
  }
};
