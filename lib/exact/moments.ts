import { reject } from '../errors.js';
import type { Algebra, Sampler } from '../samplers/plan.js';
import { runSampler } from '../solve/host.js';
import type { GaussianProcess } from '../types.js';
import { fromBasis, type Mixture, toBasis } from './model.js';

/**
 * What a linear sampler does to Gaussian data, without sampling: each coordinate of the eigenbasis is an affine
 * function of its initial value and of the noises, so mean and variance follow exactly. [after arXiv 2405.14250]
 */

/** a·x_T + k + Σ z[i]·noise i, for one coordinate. */
export interface Affine {
  readonly a: number;
  readonly k: number;
  readonly z: readonly number[];
}

const combine: Algebra<Affine>['combine'] = terms => {
  const z = new Array<number>(Math.max(0, ...terms.map(([, v]) => v.z.length))).fill(0);
  let [a, k] = [0, 0];
  for (const [w, v] of terms) {
    a += w * v.a;
    k += w * v.k;
    for (let i = 0; i < v.z.length; i++) z[i] = z[i]! + w * v.z[i]!;
  }
  return { a, k, z };
};

/** One coordinate of Gaussian data, N(mean, variance). */
export interface Coordinate {
  readonly mean: number;
  readonly variance: number;
}

const algebra = (process: GaussianProcess, { mean, variance }: Coordinate): Algebra<Affine> => ({
  combine,
  score: (x, t) => {
    const [alpha, sigma] = [process.alpha(t), process.sigma(t)];
    const precision = 1 / (alpha * alpha * variance + sigma * sigma);
    return { a: -precision * x.a, k: precision * (alpha * mean - x.k), z: x.z.map(v => -precision * v) };
  },
});

const noiseForm = (index: number): Affine => ({ a: 0, k: 0, z: [...new Array<number>(index).fill(0), 1] });

/** The end state of one coordinate as an affine function of its start and of all noises, in the order drawn. */
export const affineRun = (
  process: GaussianProcess,
  sampler: Sampler,
  times: readonly number[],
  data: Coordinate,
): Affine => {
  let drawn = 0;
  const noise = (_: number, n: number): Affine[] => Array.from({ length: n }, () => noiseForm(drawn++));
  return runSampler(process, sampler, algebra(process, data), { a: 1, k: 0, z: [] }, times, noise);
};

/** Mean and variance at the end of a run that starts from N(start.mean, start.variance). */
export const momentRun = (
  process: GaussianProcess,
  sampler: Sampler,
  times: readonly number[],
  data: Coordinate,
  start: Coordinate,
): Coordinate => {
  const { a, k, z } = affineRun(process, sampler, times, data);
  return { mean: a * start.mean + k, variance: a * a * start.variance + z.reduce((sum, v) => sum + v * v, 0) };
};

/**
 * The law of a linear sampler's output for Gaussian data, when it starts from N(start.mean, start.variance I).
 * @throws RangeError when the model has more than one component.
 */
export const samplerLaw = (
  model: Mixture,
  process: GaussianProcess,
  sampler: Sampler,
  times: readonly number[],
  start: Coordinate,
): Mixture => {
  const count = model.weights.length;
  if (count !== 1) reject('the number of components', count, 'the recursion holds for one');
  const basis = model.bases[0] ?? null;
  const mean = model.means[0]!;
  const shift = mean.map(() => start.mean);
  const [centres, shifts] = [toBasis(basis, mean), toBasis(basis, shift)];
  const ends = model.variances[0]!.map((variance, i) => {
    const from = { mean: shifts[i]!, variance: start.variance };
    return momentRun(process, sampler, times, { mean: centres[i]!, variance }, from);
  });
  const means = ends.map(e => e.mean);
  return { ...model, means: [fromBasis(basis, means)], variances: [ends.map(e => e.variance)] };
};

/** The 2-Wasserstein distance of two Gaussians that share an eigenbasis. */
export const gaussianWasserstein = (p: Mixture, q: Mixture): number =>
  Math.sqrt(
    p.means[0]!.reduce((sum, m, i) => {
      const spread = Math.sqrt(p.variances[0]![i]!) - Math.sqrt(q.variances[0]![i]!);
      return sum + (m - q.means[0]![i]!) ** 2 + spread ** 2;
    }, 0),
  );
