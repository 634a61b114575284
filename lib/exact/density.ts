import { logSumExp } from '../math/log-sum-exp.js';
import type { GaussianProcess } from '../types.js';
import { condition } from './condition.js';
import { fromBasis, type Mixture, toBasis } from './model.js';

/**
 * Densities and scores in float64 on the host: what derivatives in t and x are checked against.
 * A point is the flat list of its D coordinates; `marginal` gives the model at a time.
 */

/** log wₖ + log N(x; mₖ, Cₖ) and −Cₖ⁻¹(x − mₖ) for one component. */
const component = (model: Mixture, k: number, x: readonly number[]) => {
  const variances = model.variances[k]!;
  const basis = model.bases[k] ?? null;
  const y = toBasis(
    basis,
    x.map((value, i) => value - model.means[k]![i]!),
  );
  let log = Math.log(model.weights[k]!);
  variances.forEach((v, i) => {
    log -= 0.5 * ((y[i]! * y[i]!) / v + Math.log(2 * Math.PI * v));
  });
  const score = fromBasis(
    basis,
    y.map((value, i) => -value / variances[i]!),
  );
  return { log, score };
};

/** log p(x). */
export const logDensity = (model: Mixture, x: readonly number[]): number =>
  logSumExp(model.weights.map((_, k) => component(model, k, x).log));

/** p(x). */
export const density = (model: Mixture, x: readonly number[]): number => Math.exp(logDensity(model, x));

/** p(k | x): which component x came from. */
export const responsibilities = (model: Mixture, x: readonly number[]): number[] => {
  const logs = model.weights.map((_, k) => component(model, k, x).log);
  const total = logSumExp(logs);
  return logs.map(log => Math.exp(log - total));
};

/** ∇ log p(x), [D]. */
export const score = (model: Mixture, x: readonly number[]): number[] => {
  const parts = model.weights.map((_, k) => component(model, k, x));
  const total = logSumExp(parts.map(p => p.log));
  return x.map((_, i) => parts.reduce((sum, p) => sum + Math.exp(p.log - total) * p.score[i]!, 0));
};

/** p(x_0 | x_t = x): again a mixture, by Bayes on every component. */
export const posterior = (model: Mixture, process: GaussianProcess, x: readonly number[], t: number): Mixture => {
  const alpha = process.alpha(t);
  const identity = x.map((_, i) => x.map((__, j) => (i === j ? alpha : 0)));
  return condition(model, { matrix: identity, value: x, sigma: process.sigma(t) });
};
