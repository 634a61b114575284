import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory, type Tensor, tensor, tensor1d } from '@tensorflow/tfjs-core';
import {
  channels,
  dps,
  grey,
  type Measurement,
  masked,
  matrixMeasurement,
  posteriorGuidance,
  pseudoinverseGuidance,
} from '../../../lib/control/index.js';
import { condition, exactScore, gaussian, momentsOf } from '../../../lib/exact/index.js';
import type { Matrix } from '../../../lib/math/index.js';
import { ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { reverseDiffusion } from '../../../lib/samplers/index.js';
import { last, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
import { gap } from '../../oracle.js';

const read = (x: Tensor): number[] => Array.from(x.dataSync());

/** Measurements of events [2, 3], each with its matrix and an observation. */
const dense: Matrix = [
  [1, 0.5, 0, -0.3, 0, 0.2],
  [0, 1, 0.4, 0, 0.7, 0],
];
const root = 1 / Math.sqrt(3);
const cases: {
  name: string;
  measurement: Measurement;
  matrix: Matrix;
  y: number[];
  shape: number[];
  seen: number[];
}[] = [
  {
    name: 'inpainting',
    measurement: masked([1, 0, 0, 1, 0, 0], [2, 3]),
    matrix: [
      [1, 0, 0, 0, 0, 0],
      [0, 0, 0, 1, 0, 0],
    ],
    y: [0.7, 0, 0, -0.4, 0, 0],
    shape: [1, 2, 3],
    seen: [0.7, -0.4],
  },
  {
    name: 'colourisation',
    measurement: channels(grey()),
    matrix: [
      [root, root, root, 0, 0, 0],
      [0, 0, 0, root, root, root],
    ],
    y: [0.5, -1],
    shape: [1, 2, 1],
    seen: [0.5, -1],
  },
  {
    name: 'a dense matrix',
    measurement: matrixMeasurement(dense, [2, 3]),
    matrix: dense,
    y: [0.3, 0.9],
    shape: [1, 2],
    seen: [0.3, 0.9],
  },
];

for (const { name, measurement, matrix, y, shape, seen } of cases) {
  for (const sigma of [0.3, 1e-3]) {
    test(`C3: ΠGDM of ${name} with noise ${sigma} is the exact conditional score on isotropic Gaussian data`, () => {
      const data = gaussian([0.2, -0.1, 0.4, 0, 0.3, -0.5], 0.6, [2, 3]);
      const x = philox(1).normal([4, 2, 3]);
      const times = tensor1d([0.1, 0.4, 0.7, 1]);
      for (const process of [vp(), ve()]) {
        const guided = pseudoinverseGuidance(process, exactScore(data, process), measurement, tensor(y, shape), sigma, {
          dataVariance: 0.6,
        });
        const want = exactScore(condition(data, { matrix, value: seen, sigma }), process);
        for (const t of [0.2, 0.8, times]) {
          const exact = read(want(x, t));
          const size = Math.max(...exact.map(Math.abs));
          assert.ok(gap(read(guided(x, t)), exact) < 1e-4 * size, `${gap(read(guided(x, t)), exact)} of ${size}`);
        }
      }
    });
  }
}

test('DPS is the limit of no spread, and overstates what an observation says', () => {
  const data = gaussian(
    [0, 0],
    [
      [1, 0.9],
      [0.9, 1],
    ],
  );
  const process = vp();
  const score = exactScore(data, process);
  const [measurement, y] = [masked([1, 0], [2]), tensor([[1, 0]])];
  const x = philox(2).normal([5, 2]);
  const none = posteriorGuidance(process, score, measurement, y, { sigma: 0.5, spread: () => 0 });
  assert.ok(gap(read(dps(process, score, measurement, y, 0.5)(x, 0.5)), read(none(x, 0.5))) === 0);
  const exact = read(exactScore(condition(data, { matrix: [[1, 0]], value: [1], sigma: 0.5 }), process)(x, 0.5));
  const base = read(score(x, 0.5));
  const guide = read(dps(process, score, measurement, y, 0.5)(x, 0.5)).map((v, i) => v - base[i]!);
  const right = exact.map((v, i) => v - base[i]!);
  assert.ok(Math.hypot(...guide) > 1.5 * Math.hypot(...right));
});

test('C2, C3: on a correlated pair ΠGDM with the true spread samples the exact conditional law', () => {
  const data = gaussian(
    [0, 0],
    [
      [1, 0.9],
      [0.9, 1],
    ],
  );
  const process = vp();
  const [measurement, y] = [masked([1, 0], [2]), tensor([[1, 0]])];
  // The variance of the seen coordinate given x_t, from the eigenvalues 1.9 and .1 of the data.
  const spread = (t: number): number => {
    const [a, s] = [process.alpha(t) ** 2, process.sigma(t) ** 2];
    return 0.5 * ((1.9 * s) / (1.9 * a + s) + (0.1 * s) / (0.1 * a + s));
  };
  const guided = posteriorGuidance(process, exactScore(data, process), measurement, y, { sigma: 0.05, spread });
  const n = 1500;
  const rng = philox(9);
  const end = last(
    solve(predictor(process, guided, reverseDiffusion()), rng.normal([n, 2]), uniformTimes(500, 1, 1e-3), rng),
  );
  const values = read(end).filter((_, i) => i % 2 === 1);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1);
  const want = momentsOf(condition(data, { matrix: [[1, 0]], value: [1], sigma: 0.05 }));
  const v = want.covariance[1]![1]!;
  assert.ok(Math.abs(mean - want.mean[1]!) < 4 * Math.sqrt(v / n) + 0.01, `mean ${mean} against ${want.mean[1]}`);
  assert.ok(Math.abs(variance / v - 1) < 4 * Math.sqrt(2 / n) + 0.02, `variance ${variance} against ${v}`);
});

test('nothing leaks', () => {
  const process = vp();
  const score = exactScore(gaussian([0, 0], 1), process);
  const [x, y] = [philox(1).normal([3, 2]), tensor([[1, 0]])];
  const before = memory().numTensors;
  pseudoinverseGuidance(process, score, masked([1, 0], [2]), y, 0.1)(x, 0.5).dispose();
  assert.equal(memory().numTensors, before);
});
