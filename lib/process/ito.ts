import { add, matMul, mul, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';
import type { GaussianProcess, ItoProcess, Score } from '../types.js';

/** A function of state and time, shaped like x or as told where it is asked for. */
export type Field = (x: Tensor, t: number) => Tensor;

/** dx = f(x, t) dt + g(x, t) dw with a diffusion that multiplies each component: g is a number or broadcasts to x. */
export const ito = (T: number, f: Field, g: (x: Tensor, t: number) => Tensor | number): ItoProcess => ({
  T,
  drift: f,
  diffuse: (x, t, dw) => tidy(() => mul(g(x, t), dw)),
});

/** dx = f(x, t) dt + G(x, t) dw with a matrix: G(x, t) is [B, D, D] or [D, D] for x: [B, D]. */
export const itoMatrix = (T: number, f: Field, G: Field): ItoProcess => ({
  T,
  drift: f,
  diffuse: (x, t, dw) =>
    tidy(() => {
      const matrix = G(x, t);
      const [rows = 1, size = 1] = x.shape;
      sameShape('G(x, t)', matrix.shape, matrix.rank === 2 ? [size, size] : [rows, size, size]);
      if (matrix.rank === 2) return matMul(dw, matrix, false, true);
      return reshape(matMul(matrix, reshape(dw, [rows, size, 1])), x.shape);
    }),
});

/** A Gaussian process as an Itô process. */
export const forward = (process: GaussianProcess): ItoProcess => ({
  T: process.T,
  drift: (x, t) => mul(process.f(t), x),
  diffuse: (_, t, dw) => mul(process.g(t), dw),
});

/** What reversing a general diffusion needs to know of D = G Gᵀ. */
export interface Covariance {
  /** D(x, t) v, shaped like x. */
  apply(x: Tensor, t: number, v: Tensor): Tensor;
  /** ∇·D, Σ_j ∂_j D_ij, shaped like x; for a scalar g(x, t) it is 2 g ∇g. */
  divergence(x: Tensor, t: number): Tensor;
}

/**
 * The reverse of any Itô process: dx = [f − ½(1 + λ²)(∇·D + D s)] dt + λ G dw̄; λ = 1 is Anderson's SDE, λ = 0 the
 * probability-flow ODE. [Song 2021, eq. 15–17]
 */
export const reverseIto = (
  process: ItoProcess,
  { apply, divergence }: Covariance,
  score: Score,
  lambda = 1,
): ItoProcess => ({
  T: process.T,
  drift: (x, t) =>
    tidy(() => {
      const current = add(divergence(x, t), apply(x, t, score(x, t)));
      return add(process.drift(x, t), mul(-(1 + lambda ** 2) / 2, current));
    }),
  diffuse: (x, t, dw) => tidy(() => mul(lambda, process.diffuse(x, t, dw))),
});
