/** The index at which the running sum of these chances passes u; the last one where rounding keeps it below. */
export const drawn = (chances: ArrayLike<number>, u: number): number => {
  let [index, reached] = [0, chances[0]!];
  while (reached <= u && index < chances.length - 1) reached += chances[++index]!;
  return index;
};
