import { positive } from '../errors.js';
import { meanOverPairs, type Points, pairOf, type Samples } from './points.js';

/** The median distance over pairs of at most 500 samples of both sets: the usual bandwidth. */
export const medianDistance = (x: Samples, y: Samples): number => {
  const [a, b] = pairOf(x, y);
  const list: number[] = [];
  const head = (p: Points): Points => ({ ...p, n: Math.min(p.n, 500) });
  const collect = (squared: number): number => list.push(Math.sqrt(squared));
  meanOverPairs(head(a), head(b), collect);
  list.sort((u, v) => u - v);
  return list[Math.floor(list.length / 2)]!;
};

/**
 * Squared maximum mean discrepancy with the Gaussian kernel e^{−‖x − y‖²/(2h²)}, unbiased: 0 on average for equal laws,
 * so that it may come out slightly negative. Cost n². [Gretton 2012, eq. 3]
 * @param x [n, ...event]
 * @param y [m, ...event]
 * @param bandwidth h, in the units of the samples; by default the median distance
 */
export const maximumMeanDiscrepancy = (x: Samples, y: Samples, bandwidth = medianDistance(x, y)): number => {
  const [a, b] = pairOf(x, y);
  const scale = -0.5 / positive('bandwidth', bandwidth) ** 2;
  const kernel = (squared: number): number => Math.exp(scale * squared);
  return meanOverPairs(a, a, kernel) + meanOverPairs(b, b, kernel) - 2 * meanOverPairs(a, b, kernel);
};
