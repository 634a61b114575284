import { meanOverPairs, type Points, pairOf, type Samples } from './points.js';

/** Σᵢⱼ |xᵢ − xⱼ| over i ≠ j for sorted values, in O(n log n). */
const spread = (values: ArrayLike<number>): number => {
  const sorted = Float64Array.from(values).sort();
  return 2 * sorted.reduce((sum, v, i) => sum + v * (2 * i + 1 - sorted.length), 0);
};

const onLine = (x: Points, y: Points): number => {
  const both = new Float64Array(x.n + y.n);
  both.set(Float64Array.from(x.values));
  both.set(Float64Array.from(y.values), x.n);
  const [xx, yy] = [spread(x.values), spread(y.values)];
  const cross = (spread(both) - xx - yy) / 2; // Σᵢⱼ |xᵢ − yⱼ|
  return (2 * cross) / (x.n * y.n) - xx / (x.n * (x.n - 1)) - yy / (y.n * (y.n - 1));
};

/**
 * Energy distance 2E‖X − Y‖ − E‖X − X′‖ − E‖Y − Y′‖, unbiased: 0 on average for equal laws, so that it may come out
 * slightly negative. Cost n² for points, n log n on the line. [Székely & Rizzo 2013]
 * @param x [n, ...event]
 * @param y [m, ...event]
 */
export const energyDistance = (x: Samples, y: Samples): number => {
  const [a, b] = pairOf(x, y);
  if (a.d === 1) return onLine(a, b);
  return 2 * meanOverPairs(a, b, Math.sqrt) - meanOverPairs(a, a, Math.sqrt) - meanOverPairs(b, b, Math.sqrt);
};
