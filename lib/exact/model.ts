import { positive, reject, show } from '../errors.js';
import { type Matrix, matrixVector, symmetricEigen } from '../math/linear-algebra.js';
import { sizeOf } from '../math/shape.js';
import type { GaussianProcess } from '../types.js';

/** One Gaussian. The covariance is v I for a number v, diagonal for a list, full for rows. */
export interface Component {
  readonly weight?: number;
  /** One number for every coordinate, or the flat list of D coordinates. */
  readonly mean: number | readonly number[];
  readonly covariance: number | readonly number[] | Matrix;
}

/**
 * Σₖ wₖ N(mₖ, Cₖ) with every Cₖ in its eigenbasis, all float64. Adding α and σ of a process only changes
 * means and eigenvalues, which is why every closed form of this folder is short.
 */
export interface Mixture {
  /** The event shape; [] for scalars. D is its product. */
  readonly shape: readonly number[];
  readonly weights: readonly number[];
  /** [K][D] */
  readonly means: readonly (readonly number[])[];
  /** Eigenvalues of Cₖ, [K][D]. */
  readonly variances: readonly (readonly number[])[];
  /** Eigenvectors of Cₖ as rows, or null where Cₖ is diagonal. */
  readonly bases: readonly (Matrix | null)[];
}

const fill = (name: string, value: number | readonly number[], d: number): readonly number[] => {
  if (typeof value === 'number') return new Array<number>(d).fill(value);
  return value.length === d ? value : reject(name, value, `give ${d} numbers, one per coordinate`);
};

const isMatrix = (value: readonly number[] | Matrix): value is Matrix => Array.isArray(value[0]);

const spectrum = (
  covariance: Component['covariance'],
  d: number,
): { values: readonly number[]; vectors: Matrix | null } => {
  if (typeof covariance === 'number' || !isMatrix(covariance)) {
    return { values: fill('the covariance', covariance, d), vectors: null };
  }
  if (covariance.length !== d) reject('the covariance', covariance.length, `give ${d} rows`);
  const { values, vectors } = symmetricEigen(covariance);
  const floor = -1e-12 * Math.max(...values); // an eigenvalue 0 comes out of rounding with either sign
  return { values: values.map(v => (v < 0 && v >= floor ? 0 : v)), vectors };
};

/**
 * A Gaussian mixture over events of the given shape.
 * @param shape the event shape, by default [D] with D read from the first mean
 * @throws RangeError for weights or variances that are not positive, and for sizes that disagree.
 */
export const mixture = (components: readonly Component[], shape?: readonly number[]): Mixture => {
  const first = components[0] ?? reject('the list of components', components, 'give at least one');
  const event = shape ?? [typeof first.mean === 'number' ? 1 : first.mean.length];
  const d = sizeOf(event);
  const raw = components.map(c => positive('a weight', c.weight ?? 1));
  const total = raw.reduce((a, b) => a + b, 0);
  const spectra = components.map(c => spectrum(c.covariance, d));
  for (const { values } of spectra) {
    if (!values.every(v => v >= 0)) {
      reject('the variances', values, `${show(values)} must not be negative; check the covariance`);
    }
  }
  return {
    shape: event,
    weights: raw.map(w => w / total),
    means: components.map(c => fill('a mean', c.mean, d)),
    variances: spectra.map(s => s.values),
    bases: spectra.map(s => s.vectors),
  };
};

/** N(mean, covariance): a mixture of one. */
export const gaussian = (
  mean: Component['mean'],
  covariance: Component['covariance'],
  shape?: readonly number[],
): Mixture => mixture([{ mean, covariance }], shape);

/** The law of α x + σ ε for x from the model and ε ~ N(0, I). */
export const diffuse = (model: Mixture, alpha: number, sigma: number): Mixture => ({
  ...model,
  means: model.means.map(m => m.map(value => alpha * value)),
  variances: model.variances.map(v => v.map(value => alpha * alpha * value + sigma * sigma)),
});

/** p_t: the law of x_t when x_0 comes from the model. */
export const marginal = (model: Mixture, process: GaussianProcess, t: number): Mixture =>
  diffuse(model, process.alpha(t), process.sigma(t));

/** The components with these indices, weights renormalised: a class, where components carry labels. */
export const restrict = (model: Mixture, indices: readonly number[]): Mixture => {
  const pick = <V>(list: readonly V[]): V[] =>
    indices.map(k => list[k] ?? reject('a component', k, `give an index below ${list.length}`));
  const weights = pick(model.weights);
  const total = weights.reduce((a, b) => a + b, 0);
  return {
    ...model,
    weights: weights.map(w => w / total),
    means: pick(model.means),
    variances: pick(model.variances),
    bases: indices.map(k => model.bases[k] ?? null),
  };
};

/** v in the eigenbasis of component k. */
export const toBasis = (basis: Matrix | null, v: readonly number[]): readonly number[] =>
  basis === null ? v : matrixVector(basis, v);

/** Back from the eigenbasis: Σᵢ vᵢ · row i. */
export const fromBasis = (basis: Matrix | null, v: readonly number[]): readonly number[] =>
  basis === null ? v : v.map((_, j) => basis.reduce((sum, row, i) => sum + row[j]! * v[i]!, 0));

/** Cₖ in full, [D][D]. */
export const covarianceOf = (model: Mixture, k: number): number[][] => {
  const values = model.variances[k]!;
  const basis = model.bases[k] ?? null;
  return values.map((_, i) =>
    values.map((__, j) => {
      if (basis === null) return i === j ? values[i]! : 0;
      return basis.reduce((sum, row, m) => sum + values[m]! * row[i]! * row[j]!, 0);
    }),
  );
};

/** Mean [D] and covariance [D][D] of the whole mixture. */
export const momentsOf = (model: Mixture): { mean: number[]; covariance: number[][] } => {
  const average = (value: (k: number) => number): number => model.weights.reduce((sum, w, k) => sum + w * value(k), 0);
  const mean = model.means[0]!.map((_, i) => average(k => model.means[k]![i]!));
  const parts = model.weights.map((_, k) => covarianceOf(model, k));
  const offset = (k: number, i: number): number => model.means[k]![i]! - mean[i]!;
  const covariance = mean.map((_, i) =>
    mean.map((__, j) => average(k => parts[k]![i]![j]! + offset(k, i) * offset(k, j))),
  );
  return { mean, covariance };
};
