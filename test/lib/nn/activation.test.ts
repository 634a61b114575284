import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grad, sigmoid as kernel, mul, reshape, sum, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core';
import { sigmoid, softmax, swish } from '../../../lib/nn/activation.js';

const points = [-3, -0.4, 0, 0.7, 2.5];
const logistic = (x: number) => 1 / (1 + Math.exp(-x));

/** The derivative of this order at all points, by automatic differentiation. */
const derivative = (f: (x: Tensor) => Tensor, order: number): number[] => {
  let g = f;
  for (let i = 0; i < order; i++) {
    const before = g;
    g = x => grad(y => sum(before(y)))(x);
  }
  return Array.from(g(tensor1d(points)).dataSync());
};

const near = (a: ArrayLike<number>, b: readonly number[], tolerance = 2e-6) =>
  Array.from(a).forEach((v, i) => {
    assert.ok(Math.abs(v - b[i]!) < tolerance, `${v}, not ${b[i]}`);
  });

/** σ′, σ″, σ‴ as polynomials of σ. */
const forms = [
  (s: number) => s,
  (s: number) => s * (1 - s),
  (s: number) => s * (1 - s) * (1 - 2 * s),
  (s: number) => s * (1 - s) * (1 - 6 * s + 6 * s * s),
];

test('sigmoid and swish have the right derivatives up to the third', () => {
  for (let order = 0; order <= 3; order++) {
    const at = (n: number) => points.map(x => forms[n]!(logistic(x)));
    near(derivative(sigmoid, order), at(order));
    // (x σ)⁽ⁿ⁾ = x σ⁽ⁿ⁾ + n σ⁽ⁿ⁻¹⁾.
    near(
      derivative(swish, order),
      at(order).map((v, i) => points[i]! * v + (order ? order * at(order - 1)[i]! : 0)),
    );
  }
});

test('the second derivative of x · sigmoid(x) written plainly is wrong in TensorFlow.js, which is why swish is not', () => {
  const plain = derivative(x => mul(x, kernel(x)), 2)[3]!;
  const right = 0.7 * forms[2]!(logistic(0.7)) + 2 * forms[1]!(logistic(0.7));
  assert.ok(Math.abs(plain - right) > 0.01);
});

test('softmax has the right first and second derivatives along the last axis', () => {
  const x = [0.3, -0.2, 1];
  const weights = [1, 2, -1];
  const f = (y: Tensor) => sum(mul(softmax(reshape(y, [1, 3])), tensor([weights])));
  const p = x.map(v => Math.exp(v) / x.reduce((a, b) => a + Math.exp(b), 0));
  const inner = p.reduce((a, v, i) => a + v * weights[i]!, 0);
  const first = p.map((v, i) => v * (weights[i]! - inner));
  near(grad(f)(tensor1d(x)).dataSync(), first);
  // Σ_j ∂_i ∂_j f: the gradient of the sum of the first derivatives, which is 0 since Σ_j ∂_j f = 0.
  near(grad(y => sum(grad(f)(y)))(tensor1d(x)).dataSync(), [0, 0, 0]);
  const along = (y: Tensor) => sum(mul(grad(f)(y), tensor1d([1, 0, 0])));
  const second = p.map((v, j) => (j === 0 ? first[0]! : 0) - v * first[0]! - p[0]! * first[j]!);
  near(grad(along)(tensor1d(x)).dataSync(), second);
});
