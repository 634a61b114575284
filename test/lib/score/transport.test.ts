import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, mul, neg, type Tensor, type Tensor1D, tensor1d, tensor2d, tidy, zeros } from '@tensorflow/tfjs-core';
import { exactTransport, gaussian, gaussianEnds } from '../../../lib/exact/index.js';
import { straightPath } from '../../../lib/process/index.js';
import { type Apply, transportFrom } from '../../../lib/score/index.js';
import { leavesNothing, near, take } from '../../support/tensors.js';

const path = straightPath(0.7);
const cross = [
  [0.2, 0.1],
  [-0.1, 0.3],
];
const exact = exactTransport(gaussianEnds(gaussian([0.2, 0], 0.6), gaussian([-1, 1], [0.3, 0.8]), cross), path);
const x = () =>
  tensor2d([
    [0.3, -0.8],
    [-1.1, 0.4],
  ]);
// Perfect networks, at one time: E[z | x] = −γ s and E[α′x_0 + σ′x_1 | x] = b + γγ′ s.
const t = 0.3;
const latent: Apply = y => tidy(() => mul(neg(exact.score(y, t)), path.gamma(t)));
const ends: Apply = y => tidy(() => add(exact.velocity(y, t), mul(exact.score(y, t), path.gammaGrowth(t))));

test('networks of the ends and of the latent noise give the flow and the score of coupled ends', () => {
  const found = transportFrom(path, ends, latent);
  for (const time of [t, tensor1d([t, t])]) {
    near(take(found.velocity(x(), time)), take(exact.velocity(x(), t)), 1e-5);
    near(take(found.score!(x(), time)), take(exact.score(x(), t)), 1e-5);
  }
});

test('networks see the label of the time, one for each row', () => {
  const seen: number[][] = [];
  const watching = (y: Tensor, label: Tensor1D) => {
    seen.push(Array.from(label.dataSync()));
    return zeros(y.shape);
  };
  const { velocity, score } = transportFrom(straightPath(), watching, undefined, time => 10 * time);
  take(velocity(x(), 0.5));
  take(velocity(x(), tensor1d([0.25, 1])));
  assert.deepEqual(seen, [
    [5, 5],
    [2.5, 10],
  ]);
  assert.equal(score, undefined);
});

test('a network whose output has another shape is refused, and nothing is left behind', () => {
  assert.throws(() => transportFrom(path, () => zeros([2, 1])).velocity(x(), t), /the output of the network/);
  const [y, found] = [x(), transportFrom(path, ends, latent)];
  leavesNothing(() => {
    found.velocity(y, t).dispose();
    found.score!(y, t).dispose();
  });
});
