import { add, grad, mean, mul, type Scalar, square, sub, sum, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';

/** A model of a score at fixed times, x: [B, ...event] → the same shape. */
export type Model = (x: Tensor) => Tensor;

/**
 * Explicit score matching, the mean over rows and dimensions of (s_θ(x) − ∇log p(x))². [Hyvärinen 2005, eq. 2]
 * @param target ∇log p(x), which is seldom known
 */
export const explicitLoss = (model: Model, x: Tensor, target: Tensor): Scalar => {
  sameShape('target', target.shape, x.shape);
  return tidy(() => mean(square(sub(model(x), target))) as Scalar);
};

/**
 * Sliced score matching, the mean of s_θ² + 2 vᵀ∇s_θ v: explicit score matching less the constant E(∇log p)², from
 * samples alone. Its gradient takes second derivatives of the model. [Song 2019, arXiv 1905.07088, eq. 8]
 * @param direction v with E vvᵀ = I, shaped like x: Rademacher or normal
 */
export const slicedLoss = (model: Model, x: Tensor, direction: Tensor): Scalar => {
  sameShape('direction', direction.shape, x.shape);
  return tidy(() => {
    const projected = grad(y => sum(mul(model(y), direction)))(x); // ∇s_θᵀ v: [B, ...event]
    return mean(add(square(model(x)), mul(2, mul(projected, direction)))) as Scalar;
  });
};
