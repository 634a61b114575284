import {
  add,
  div,
  expandDims,
  logSumExp,
  matMul,
  mul,
  neg,
  reshape,
  softmax,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor,
  tidy,
  transpose,
} from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import type { Rng } from '../rng/rng.js';
import type { GaussianProcess, Score } from '../types.js';
import { fromBasis, type Mixture } from './model.js';

/** A value per row of x: [B]. */
export type RowFunction = (x: Tensor, t: number | Tensor1D) => Tensor1D;

const times = (t: number | Tensor1D): ArrayLike<number> => (typeof t === 'number' ? [t] : t.dataSync());

/** αm and α²λ + σ², [K, B or 1, D]: one time or one per row. */
const kernel = (model: Mixture, process: GaussianProcess, t: number | Tensor1D) => {
  const at = Array.from(times(t), time => [process.alpha(time), process.sigma(time)] as const);
  const shape: [number, number, number] = [model.weights.length, at.length, sizeOf(model.shape)];
  const table = (lists: Mixture['means'], value: (v: number, alpha: number, sigma: number) => number) =>
    tensor(Float32Array.from(lists.flatMap(l => at.flatMap(([a, s]) => l.map(v => value(v, a, s))))), shape);
  return {
    mean: table(model.means, (m, a) => a * m),
    variance: table(model.variances, (v, a, s) => a * a * v + s * s),
    logs: tensor(
      model.weights.flatMap((w, k) =>
        at.map(([a, s]) =>
          model.variances[k]!.reduce((l, v) => l - 0.5 * Math.log(2 * Math.PI * (a * a * v + s * s)), Math.log(w)),
        ),
      ),
      [shape[0], shape[1]],
    ),
  };
};

/** Eigenvectors as columns, [K, D, D], or null when every component is diagonal. */
const rotation = (model: Mixture): Tensor | null => {
  if (model.bases.every(basis => basis === null)) return null;
  const d = sizeOf(model.shape);
  const column = (k: number, i: number, j: number): number => {
    const basis = model.bases[k] ?? null;
    return basis === null ? Number(i === j) : basis[j]![i]!;
  };
  const index = Array.from({ length: d }, (_, i) => i);
  const flat = model.bases.flatMap((_, k) => index.flatMap(i => index.map(j => column(k, i, j))));
  return tensor(flat, [model.weights.length, d, d]);
};

/** For each component the whitened difference in its eigenbasis, and log wₖ N(x; …): [K, B, D] and [K, B]. */
const parts = (model: Mixture, process: GaussianProcess, x: Tensor, t: number | Tensor1D) => {
  sameShape('x', x.shape, [-1, ...model.shape]);
  const { mean, variance, logs } = kernel(model, process, t);
  const q = rotation(model);
  const flat = reshape(x, [1, x.shape[0]!, sizeOf(model.shape)]);
  const d = sub(flat, mean); // [K, B, D]
  const y = q === null ? d : matMul(d, q);
  const whitened = div(y, variance);
  const log = add(logs, mul(sum(mul(y, whitened), 2), -0.5)); // [K, B]
  return { whitened, log, q };
};

/**
 * ∇ log p_t(x) of a mixture under a process, for x: [B, ...event]. Coefficients are float64 until they are uploaded;
 * times given as a tensor are float32. It can be differentiated with respect to x.
 */
export const exactScore =
  (model: Mixture, process: GaussianProcess): Score =>
  (x, t) =>
    tidy(() => {
      const { whitened, log, q } = parts(model, process, x, t);
      const back = q === null ? whitened : matMul(whitened, q, false, true); // [K, B, D]
      if (model.weights.length === 1) return neg(reshape(back, x.shape));
      const weights = expandDims(transpose(softmax(transpose(log))), 2); // [K, B, 1]
      return neg(reshape(sum(mul(weights, back), 0), x.shape));
    });

/** log p_t(x), [B]. */
export const exactLogDensity =
  (model: Mixture, process: GaussianProcess): RowFunction =>
  (x, t) =>
    tidy(() => logSumExp(parts(model, process, x, t).log, 0) as Tensor1D);

/** log p(class | x_t) for the class made of the components with these indices, [B]: the exact classifier. */
export const exactLogClass =
  (model: Mixture, process: GaussianProcess, indices: readonly number[]): RowFunction =>
  (x, t) =>
    tidy(() => {
      const { log } = parts(model, process, x, t);
      const member = tensor(
        model.weights.map((_, k) => (indices.includes(k) ? 0 : -1e30)),
        [model.weights.length, 1],
      );
      return sub(logSumExp(add(log, member), 0), logSumExp(log, 0)) as Tensor1D;
    });

/** n draws from the model and the component of each: [n, ...event]. */
export const sampleComponents = (model: Mixture, n: number, rng: Rng): { x: Tensor; components: Int32Array } => {
  const d = sizeOf(model.shape);
  const z = rng.normals(n * d);
  const ends = model.weights.map((_, k) => model.weights.slice(0, k + 1).reduce((a, b) => a + b, 0));
  const components = Int32Array.from(rng.uniforms(n), u =>
    Math.min(ends.filter(end => end <= u).length, ends.length - 1),
  );
  const out = new Float32Array(n * d);
  components.forEach((k, row) => {
    const scaled = model.variances[k]!.map((v, i) => Math.sqrt(v) * z[row * d + i]!);
    const offset = fromBasis(model.bases[k] ?? null, scaled);
    for (let i = 0; i < d; i++) out[row * d + i] = model.means[k]![i]! + offset[i]!;
  });
  return { x: tensor(out, [n, ...model.shape]), components };
};

/** n draws from the model, [n, ...event]. */
export const sampleMixture = (model: Mixture, n: number, rng: Rng): Tensor => sampleComponents(model, n, rng).x;
