/** Vectors of d numbers, one after another. */
export interface Vectors {
  readonly d: number;
  readonly values: ArrayLike<number>;
}

/** ‖xᵢ − yⱼ‖², or anything above `limit` where it is above `limit`. */
export const squaredDistance = (
  x: Vectors,
  i: number,
  y: Vectors,
  j: number,
  limit = Number.POSITIVE_INFINITY,
): number => {
  const [a, b] = [i * x.d, j * x.d];
  let squared = 0;
  for (let k = 0; k < x.d && squared <= limit; k++) {
    const difference = x.values[a + k]! - y.values[b + k]!;
    squared += difference * difference;
  }
  return squared;
};
