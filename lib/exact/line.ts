import { reject } from '../errors.js';
import { normalCdf } from '../math/normal.js';
import type { Mixture } from './model.js';

/** Functions on the line (D = 1): distribution functions and quantiles, float64. */

const onLine = (model: Mixture): void => {
  if (model.means[0]!.length !== 1) {
    reject('the number of coordinates', model.means[0]!.length, 'distribution functions need D = 1');
  }
};

/** P(X ≤ x). @throws RangeError unless D = 1. */
export const cdf = (model: Mixture, x: number): number => {
  onLine(model);
  return model.weights.reduce(
    (total, w, k) => total + w * normalCdf((x - model.means[k]![0]!) / Math.sqrt(model.variances[k]![0]!)),
    0,
  );
};

const densityAt = (model: Mixture, x: number): number =>
  model.weights.reduce((total, w, k) => {
    const v = model.variances[k]![0]!;
    const d = x - model.means[k]![0]!;
    return total + (w * Math.exp((-0.5 * d * d) / v)) / Math.sqrt(2 * Math.PI * v);
  }, 0);

/** The x with P(X ≤ x) = p: Newton's steps inside a bracket that bisection shrinks. */
export const quantile = (model: Mixture, p: number): number => {
  onLine(model);
  if (!(p > 0 && p < 1)) reject('the probability', p, 'it has to lie strictly between 0 and 1');
  const ends = model.means.flatMap((m, k) => {
    const reach = 40 * Math.sqrt(model.variances[k]![0]!);
    return [m[0]! - reach, m[0]! + reach];
  });
  let [lo, hi] = [Math.min(...ends), Math.max(...ends)];
  let x = 0.5 * (lo + hi);
  for (let i = 0; i < 200 && hi - lo > 4e-16 * Math.max(Math.abs(lo), Math.abs(hi)); i++) {
    const error = cdf(model, x) - p;
    if (error > 0) hi = x;
    else lo = x;
    const newton = x - error / densityAt(model, x);
    const next = newton > lo && newton < hi ? newton : 0.5 * (lo + hi);
    if (next === x) break;
    x = next;
  }
  return x;
};
