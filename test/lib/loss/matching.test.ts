import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  add,
  matMul,
  mean,
  mul,
  type Scalar,
  square,
  sub,
  type Tensor,
  tensor,
  tensor2d,
  tidy,
  variable,
  variableGrads,
} from '@tensorflow/tfjs-core';
import { denoisingLoss, denoisingRows, uploadRows } from '../../../lib/loss/denoising.js';
import { explicitLoss, slicedLoss } from '../../../lib/loss/matching.js';
import { uniformWeighting } from '../../../lib/loss/weighting.js';
import { normalQuantile } from '../../../lib/math/normal.js';
import { swish } from '../../../lib/nn/activation.js';
import { vp } from '../../../lib/process/vp.js';
import { predictScore } from '../../../lib/score/prediction.js';

/** A small model of a score in one dimension with random parameters. */
const w1 = variable(tensor2d([[0.8, -1.1, 0.5]]));
const b1 = variable(tensor([0.2, 0.1, -0.6]));
const w2 = variable(tensor2d([[0.7], [0.9], [-1.2]]));
const model = (x: Tensor): Tensor => matMul(swish(add(matMul(x, w1), b1)), w2);

/** The value of a loss and its gradient with respect to all parameters, end to end. */
const evaluate = (loss: () => Scalar) => {
  const { value, grads } = tidy(() => {
    const result = variableGrads(loss, [w1, b1, w2]);
    return { value: result.value, grads: [w1, b1, w2].map(v => result.grads[v.name]!) };
  });
  return { value: value.dataSync()[0]!, gradient: grads.flatMap(g => Array.from(g.dataSync())) };
};

const near = (a: readonly number[], b: readonly number[], tolerance: number) =>
  a.forEach((value, i) => {
    assert.ok(Math.abs(value - b[i]!) < tolerance, `${value}, not ${b[i]} (entry ${i})`);
  });

/** n equally likely values of N(0, 1), scaled to variance 1 exactly. */
const quantiles = (n: number): number[] => {
  const z = Array.from({ length: n }, (_, i) => normalQuantile((i + 0.5) / n));
  const scale = Math.sqrt(n / z.reduce((sum, v) => sum + v * v, 0));
  return z.map(v => v * scale);
};

test('denoising and explicit score matching differ by the constant 1/σ² − 1/V and have the same gradient', () => {
  const [process, v, t, n] = [vp(), 0.25, 0.2, 300];
  const [a, s] = [process.alpha(t), process.sigma(t)];
  const V = a * a * v + s * s;
  const z = quantiles(n);
  const pairs = z.flatMap(p => z.map(q => [p * Math.sqrt(v), q] as const));
  const x0 = tensor(
    pairs.map(p => p[0]),
    [n * n, 1],
  );
  const epsilon = tensor(
    pairs.map(p => p[1]),
    [n * n, 1],
  );
  const x = add(mul(a, x0), mul(s, epsilon));
  const rows = uploadRows(
    denoisingRows(process, predictScore(process), uniformWeighting, new Float64Array(n * n).fill(t)),
  );
  const denoising = evaluate(() => denoisingLoss(model, x0, epsilon, rows));
  const explicit = evaluate(() => explicitLoss(model, x, mul(x, -1 / V)));
  const constant = 1 / s ** 2 - 1 / V;
  assert.ok(Math.abs(denoising.value - explicit.value - constant) < 2e-4 * denoising.value);
  assert.ok(constant > 0.5, 'the constant is no rounding');
  near(denoising.gradient, explicit.gradient, 1e-3);
  assert.ok(Math.hypot(...explicit.gradient) > 0.5, 'the gradient is no rounding');
});

test('sliced score matching is explicit score matching less E(∇log p)², with the same second-order gradient', () => {
  const [n, V] = [40_000, 0.7];
  const x = tensor(
    quantiles(n).map(z => z * Math.sqrt(V)),
    [n, 1],
  );
  const target = mul(x, -1 / V);
  const explicit = evaluate(() => explicitLoss(model, x, target));
  // In one dimension a direction ±1 makes the projection exact.
  const direction = tensor(
    Array.from({ length: n }, (_, i) => (i % 2 ? 1 : -1)),
    [n, 1],
  );
  const sliced = evaluate(() => slicedLoss(model, x, direction));
  assert.ok(Math.abs(sliced.value - (explicit.value - 1 / V)) < 1e-3);
  near(sliced.gradient, explicit.gradient, 2e-3);
  assert.ok(Math.hypot(...explicit.gradient) > 0.5, 'the gradient is no rounding');
});

test('over all sign vectors, the sliced loss of a linear score A x is the mean of (A x)² + 2 tr A per dimension', () => {
  const A = tensor2d([
    [0.3, -0.7],
    [0.4, 1.1],
  ]);
  const x = tensor2d([
    [1, 2],
    [1, 2],
  ]);
  const signs = tensor2d([
    [1, 1],
    [1, -1],
  ]);
  const linear = (y: Tensor) => matMul(y, A, false, true);
  const value = slicedLoss(linear, x, signs).dataSync()[0]!;
  const squares = mean(square(linear(x))).dataSync()[0]!;
  assert.ok(Math.abs(value - (squares + 0.3 + 1.1)) < 1e-6); // 2 tr A over two dimensions
});

test('shapes that do not fit are named', () => {
  const x = tensor2d([[1, 2]]);
  assert.throws(() => explicitLoss(y => y, x, sub(1, tensor([1, 2]))), /the shape of target is \[2\]/);
  assert.throws(() => slicedLoss(y => y, x, tensor([1, 2])), /the shape of direction is \[2\]/);
});
