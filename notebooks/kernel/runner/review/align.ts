/** One entry of a list beside the one of another list that it became; undefined where it is new, or gone. */
export type Pair<T> = readonly [before: T | undefined, after: T | undefined];

/** The longest common subsequence of two lists, and between its members what is gone, then what is new. */
export const align = <T>(a: readonly T[], b: readonly T[], same: (x: T, y: T) => boolean): Pair<T>[] => {
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const [right, below] = [longest[i * width + j + 1]!, longest[(i + 1) * width + j]!];
      longest[i * width + j] = same(a[i]!, b[j]!) ? 1 + longest[(i + 1) * width + j + 1]! : Math.max(right, below);
    }
  }
  const pairs: Pair<T>[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const both = i < a.length && j < b.length;
    if (both && same(a[i]!, b[j]!)) pairs.push([a[i++], b[j++]]);
    else if (j === b.length || (both && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) {
      pairs.push([a[i++], undefined]);
    } else pairs.push([undefined, b[j++]]);
  }
  return pairs;
};
