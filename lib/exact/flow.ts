import { reject } from '../errors.js';
import type { GaussianProcess } from '../types.js';
import { cdf, quantile } from './line.js';
import { fromBasis, type Mixture, marginal, toBasis } from './model.js';

/** Solutions in closed form that samplers are compared with, float64 on the host. */

const single = (model: Mixture): void => {
  if (model.weights.length !== 1) {
    reject(
      'the number of components',
      model.weights.length,
      'this solution is closed for one Gaussian alone; on the line see lineFlow',
    );
  }
};

/** The probability flow of Gaussian data from t to u: every eigendirection is stretched by √(v_u/v_t) about the mean. */
export const gaussianFlow = (
  model: Mixture,
  process: GaussianProcess,
  x: readonly number[],
  t: number,
  u: number,
): number[] => {
  single(model);
  const [from, to] = [marginal(model, process, t), marginal(model, process, u)];
  const basis = model.bases[0] ?? null;
  const y = toBasis(
    basis,
    x.map((v, i) => v - from.means[0]![i]!),
  );
  const stretched = y.map((v, i) => v * Math.sqrt(to.variances[0]![i]! / from.variances[0]![i]!));
  return fromBasis(basis, stretched).map((v, i) => v + to.means[0]![i]!);
};

/** The probability flow on the line for any mixture: it keeps the distribution function, x_u = F_u⁻¹(F_t(x_t)). */
export const lineFlow = (model: Mixture, process: GaussianProcess, x: number, t: number, u: number): number =>
  quantile(marginal(model, process, u), cdf(marginal(model, process, t), x));

/** The law of x_u given x_t = x for u < t and Gaussian data: what one exact step of the reverse SDE draws from. */
export const reverseTransition = (
  model: Mixture,
  process: GaussianProcess,
  x: readonly number[],
  t: number,
  u: number,
): Mixture => {
  single(model);
  const [from, to] = [marginal(model, process, t), marginal(model, process, u)];
  const basis = model.bases[0] ?? null;
  const r = process.alpha(t) / process.alpha(u);
  const y = toBasis(
    basis,
    x.map((v, i) => v - from.means[0]![i]!),
  );
  const moved = y.map((v, i) => (v * r * to.variances[0]![i]!) / from.variances[0]![i]!);
  return {
    ...model,
    means: [fromBasis(basis, moved).map((v, i) => v + to.means[0]![i]!)],
    variances: [to.variances[0]!.map((v, i) => v * Math.max(0, 1 - (r * r * v) / from.variances[0]![i]!))],
  };
};
