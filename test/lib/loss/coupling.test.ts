import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor2d } from '@tensorflow/tfjs-core';
import { denoisingBatch, optimalCoupling } from '../../../lib/loss/index.js';
import { vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/index.js';
import { leavesNothing, near, take } from '../../support/tensors.js';

const rows = (values: ArrayLike<number>) =>
  Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i]!, values[2 * i + 1]!]);

test('points that were moved a little and shuffled find each other', () => {
  const rng = philox(1);
  const x = rows(rng.normals(40));
  const order = x.map((_, i) => (7 * i + 3) % 20);
  const moved = order.map(i => x[i]!.map(v => v + 0.003));
  const paired = take(optimalCoupling(1e-3)(tensor2d(x), tensor2d(moved), rng));
  near(
    paired,
    x.flatMap(row => row.map(v => v + 0.003)),
    1e-6,
  );
});

/** The mean of ‖x_0 − x_1‖² over batches of two independent standard normal laws in the plane. */
const costOf = (regularisation: number, batch: number, batches: number): number => {
  let total = 0;
  for (let seed = 0; seed < batches; seed++) {
    const rng = philox(seed);
    const [x, y] = [rng.normal([batch, 2]), rng.normal([batch, 2])];
    const paired = optimalCoupling(regularisation)(x, y, rng).dataSync();
    const a = Array.from(x.dataSync());
    total += a.reduce((sum, v, i) => sum + (v - paired[i]!) ** 2, 0) / batch / batches;
  }
  return total;
};

test('a large regularisation leaves the coupling independent, and larger batches make a small one cheaper', () => {
  const apart = costOf(1e3, 32, 60);
  assert.ok(Math.abs(apart - 4) < 0.3, `${apart}, not E‖x_0 − x_1‖² = 4`);
  const costs = [4, 16, 64].map(n => costOf(0.02, n, 512 / n));
  assert.ok(costs[0]! > 1.5 * costs[1]! && costs[1]! > 1.5 * costs[2]!, `${costs}`);
});

test('each x_1 is as likely to be taken as any other', () => {
  const [x, y] = [
    tensor2d([
      [0, 0],
      [0, 0],
      [9, 0],
    ]),
    tensor2d([
      [0, 1],
      [1, 0],
      [9, 1],
    ]),
  ];
  const counts = [0, 0, 0];
  const coupling = optimalCoupling();
  for (let seed = 0; seed < 400; seed++) {
    for (const row of rows(take(coupling(x, y, philox(seed)))))
      counts[
        [
          [0, 1],
          [1, 0],
          [9, 1],
        ].findIndex(r => r[0] === row[0] && r[1] === row[1])
      ]!++;
  }
  assert.equal(counts[2], 400);
  // Each of the others is drawn about 400 times of 800, with a deviation of √200.
  assert.ok(Math.abs(counts[0]! - 400) < 75, `${counts}`);
});

test('a denoising batch with a coupling has the same noise in the order of the data, and leaks nothing', () => {
  const x0 = philox(5).normal([16, 2]);
  const plain = denoisingBatch({ process: vp() }, x0, philox(3));
  const coupled = denoisingBatch({ process: vp(), coupling: optimalCoupling(1e-3) }, x0, philox(3));
  const drawn = new Set(rows(plain.epsilon.dataSync()).map(String));
  assert.ok(rows(coupled.epsilon.dataSync()).every(row => drawn.has(String(row))));
  const cost = (epsilon: ArrayLike<number>) =>
    Array.from(x0.dataSync()).reduce((sum, v, i) => sum + (v - epsilon[i]!) ** 2, 0);
  assert.ok(cost(coupled.epsilon.dataSync()) < 0.6 * cost(plain.epsilon.dataSync()));
  leavesNothing(() => {
    const { x0: a, epsilon, rows: r } = denoisingBatch({ process: vp(), coupling: optimalCoupling() }, x0, philox(3));
    for (const v of [a, epsilon, ...Object.values(r)]) v.dispose();
  });
});

test('ends of different shapes are refused', () => {
  const rng = philox(0);
  assert.throws(() => optimalCoupling()(rng.normal([3, 2]), rng.normal([4, 2]), rng), /shape of x_1 is \[4, 2\]/);
});
