import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core';

/** dx = f(x, t) dt + G(x, t) dw, any Itô process. States are x: [B, ...event]; t and T are float64 numbers. */
export interface ItoProcess {
  /** The process lives on [0, T]. */
  readonly T: number;
  /** f(x, t), shaped like x. */
  drift(x: Tensor, t: number): Tensor;
  /** G(x, t) dw, shaped like x, for an increment dw ~ N(0, |dt|) shaped like x. */
  diffuse(x: Tensor, t: number, dw: Tensor): Tensor;
}

/**
 * A process with linear drift: dx = f(t) x dt + g(t) dw, so that p(x_t | x_0) = N(α(t) x_0, σ(t)² I).
 * Scalars are float64, evaluated on the host. [Song 2021, eq. 29]
 */
export interface GaussianProcess {
  readonly T: number;
  /** α(t), the factor on x_0. α(0) = 1. */
  alpha(t: number): number;
  /** σ(t), the standard deviation of the kernel. */
  sigma(t: number): number;
  /** f(t) = α′/α, the drift is f(t) x. */
  f(t: number): number;
  /** g(t) = α √(dς²/dt) with ς = σ/α. */
  g(t: number): number;
}

/** ∇ₓ log p_t(x), shaped like x: [B, ...event]; t is one time for all rows, or one per row [B]. */
export type Score = (x: Tensor, t: number | Tensor1D) => Tensor;
