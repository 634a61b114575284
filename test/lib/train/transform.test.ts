import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, mul, scalar, type Tensor, tensor1d, zeros } from '@tensorflow/tfjs-core';
import { adam, chain, clip, decayWeights, type Transform, type Vectors } from '../../../lib/train/transform.js';
import { near } from '../../support/tensors.js';

/** Runs a transform over gradients, step by step, at parameters that stay. */
const run = (transform: Transform, gradients: number[][], parameters: number[]): number[][] => {
  let slots: Vectors = Object.fromEntries(transform.slots.map(name => [name, zeros([parameters.length])]));
  return gradients.map((gradient, n) => {
    const numbers = Object.fromEntries(Object.entries(transform.numbers(n)).map(([k, v]) => [k, scalar(v)]));
    const next = transform.apply(tensor1d(gradient), { parameters: tensor1d(parameters), slots, numbers });
    slots = next.slots;
    return Array.from(next.update.dataSync());
  });
};

test('what the parts of a chain do after the step is done in their order', () => {
  const after = (name: string, project: (v: Tensor) => Tensor): Transform => ({ ...clip(), name, project });
  const both = chain(
    after('doubled', v => mul(v, 2)),
    clip(),
    after('more', v => add(v, 1)),
  );
  assert.deepEqual(Array.from(both.project!(tensor1d([1, 2])).dataSync()), [3, 5]);
  assert.deepEqual(Array.from(chain(clip()).project!(tensor1d([1, 2])).dataSync()), [1, 2]);
});

test('Adam is algorithm 1 in float64', () => {
  const gradients = [
    [1, -20, 3],
    [0.5, 10, -3],
    [2, 0, 0.1],
    [-1, 5, 5],
  ];
  const [m, v] = [
    [0, 0, 0],
    [0, 0, 0],
  ];
  const expected = gradients.map((gradient, n) =>
    gradient.map((g, i) => {
      m[i] = 0.8 * m[i]! + 0.2 * g;
      v[i] = 0.99 * v[i]! + 0.01 * g * g;
      return m[i]! / (1 - 0.8 ** (n + 1)) / (Math.sqrt(v[i]! / (1 - 0.99 ** (n + 1))) + 0.05);
    }),
  );
  const found = run(adam({ beta1: 0.8, beta2: 0.99, epsilon: 0.05 }), gradients, [0, 0, 0]);
  for (const [i, row] of found.entries()) near(row, expected[i]!, 1e-5);
});

test('the gradient is shortened to the norm, and left alone below it', () => {
  const shortened = run(
    clip(1),
    [
      [3, 4],
      [0.3, 0.4],
      [0, 0],
    ],
    [0, 0],
  );
  const expected = [
    [0.6, 0.8],
    [0.3, 0.4],
    [0, 0],
  ];
  for (const [i, row] of shortened.entries()) near(row, expected[i]!);
});

test('weights decay by their own size, whatever the gradient', () => {
  near(run(decayWeights(0.1), [[1, 1]], [2, -3])[0]!, [1.2, 0.7]);
  const [still] = run(chain(adam(), decayWeights(0.1)), [[0, 0]], [2, -3]);
  near(still!, [0.2, -0.3]);
});

test('a chain does one after the other, in order, and names what each keeps', () => {
  const both = chain(clip(1), adam());
  assert.deepEqual(both.slots, ['adam.m', 'adam.v']);
  assert.deepEqual(Object.keys(both.numbers(0)), ['adam.rate', 'adam.epsilon']);
  const gradients = [
    [30, 40],
    [0.3, 0.4],
  ];
  const shortened = run(clip(1), gradients, [0, 0]);
  const apart = run(adam(), shortened, [0, 0]);
  for (const [i, row] of run(both, gradients, [0, 0]).entries()) near(row, apart[i]!, 1e-6);
  assert.throws(() => chain(adam(), adam()), /the name of a transform is "adam"/);
});

test('constants out of range are refused', () => {
  assert.throws(() => adam({ beta2: 1 }), /beta2 is 1/);
  assert.throws(() => adam({ epsilon: 0 }), /epsilon is 0/);
  assert.throws(() => clip(0), /the limit of the gradient is 0/);
  assert.throws(() => decayWeights(-1), /lambda is -1/);
});

test('a stage of one’s own is a record', () => {
  const halved: Transform = {
    name: 'half',
    slots: [],
    numbers: () => ({ factor: 0.5 }),
    apply: (update: Tensor, { numbers }) => ({ update: mul(update, numbers.factor!), slots: {} }),
  };
  near(run(chain(clip(1), halved), [[3, 4]], [0, 0])[0]!, [0.3, 0.4]);
});
