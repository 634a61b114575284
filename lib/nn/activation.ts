import {
  add,
  customGrad,
  mul,
  sigmoid as sigmoidKernel,
  softmax as softmaxKernel,
  sub,
  sum,
  type Tensor,
} from '@tensorflow/tfjs-core';

/**
 * Functions whose derivatives of every order are right. TensorFlow.js saves the *output* of sigmoid, softmax, tanh, exp
 * and elu for their gradients, and a copy of an output made this way is cut off from the input, so a second derivative
 * silently loses terms. Here the input is saved and the output computed again, by a function that is itself safe.
 */
type Gradient = { value: Tensor; gradFunc: (dy: Tensor, saved: Tensor[]) => Tensor };
type Save = (tensors: Tensor[]) => void;

const unary = (forward: (x: Tensor) => Tensor, backward: (dy: Tensor, x: Tensor) => Tensor) =>
  customGrad((x, save): Gradient => {
    (save as unknown as Save)([x as Tensor]);
    return { value: forward(x as Tensor), gradFunc: (dy, saved) => backward(dy, saved[0]!) };
  });

/** 1/(1 + e^{−x}). */
export const sigmoid: (x: Tensor) => Tensor = unary(sigmoidKernel, (dy, x) => {
  const s = sigmoid(x);
  return mul(dy, mul(s, sub(1, s)));
});

/** x · sigmoid(x), also called SiLU. [Ramachandran 2017] */
export const swish: (x: Tensor) => Tensor = unary(
  x => mul(x, sigmoidKernel(x)),
  (dy, x) => {
    const s = sigmoid(x);
    return mul(dy, mul(s, add(1, mul(x, sub(1, s)))));
  },
);

/** e^x over its sum along the last axis. */
export const softmax: (x: Tensor) => Tensor = unary(
  x => softmaxKernel(x),
  (dy, x) => {
    const p = softmax(x);
    const weighted = mul(dy, p);
    return sub(weighted, mul(p, sum(weighted, -1, true)));
  },
);
