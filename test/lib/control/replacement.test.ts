import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { channels, grey, masked, replacement } from '../../../lib/control/index.js';
import { exactScore, gaussian } from '../../../lib/exact/index.js';
import { priorDeviation, ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { langevin, reverseDiffusion } from '../../../lib/samplers/index.js';
import {
  arrived,
  compose,
  corrector,
  last,
  predictor,
  type Step,
  solve,
  uniformTimes,
} from '../../../lib/solve/index.js';
import { gap, replacementMoments } from '../../oracle.js';

const read = (x: Tensor): number[] => Array.from(x.dataSync());
const process = ve();
const pair = gaussian(
  [0, 0],
  [
    [1, 0.9],
    [0.9, 1],
  ],
);
const score = exactScore(pair, process);
const seen = replacement(process, masked([1, 0], [2]), tensor([[1, 0]]));
const replaced = compose(predictor(process, score, reverseDiffusion()), arrived(seen));

/** Mean and variance of the free coordinate over n runs, with their standard errors. */
const free = (step: Step, steps: number, n: number) => {
  const rng = philox(21);
  const start = tensor(
    Float32Array.from(rng.normals(2 * n), z => z * priorDeviation(process)),
    [n, 2],
  );
  const values = read(last(solve(step, start, uniformTimes(steps, 1, 1e-5), rng))).filter((_, i) => i % 2 === 1);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1);
  return { mean, variance, meanError: Math.sqrt(variance / n), varianceError: variance * Math.sqrt(2 / n) };
};

test('C2: replacement is biased with the exact score: its recursion gives mean .63 and variance .31, not .90 and .19', () => {
  const { mean, variance } = replacementMoments(process, 0.9, 1, uniformTimes(1000, 1, 1e-5));
  assert.ok(Math.abs(mean - 0.629) < 0.005, `mean ${mean}`);
  assert.ok(Math.abs(variance - 0.314) < 0.002, `variance ${variance}`);
});

test('C2: the sampler has the mean and variance of that recursion', () => {
  const want = replacementMoments(process, 0.9, 1, uniformTimes(200, 1, 1e-5));
  const got = free(replaced, 200, 8000);
  assert.ok(Math.abs(got.mean - want.mean) < 4 * got.meanError, `${got.mean} against ${want.mean}`);
  assert.ok(Math.abs(got.variance - want.variance) < 4 * got.varianceError, `${got.variance} against ${want.variance}`);
});

test('C2: Langevin moves with r = .16 in between bring mean and variance to .897 and .195', () => {
  const corrected = compose(corrector(process, score, langevin(0.16)), seen);
  const got = free(compose(corrected, replaced), 1000, 2000);
  assert.ok(Math.abs(got.mean - 0.897) < 4 * got.meanError, `mean ${got.mean}`);
  assert.ok(Math.abs(got.variance - 0.195) < 4 * got.varianceError, `variance ${got.variance}`);
});

test('the seen part has the law of the forward process at its time, the free part stays', () => {
  const n = 4000;
  const flow = vp();
  const x = philox(1).normal([n, 1, 1, 3]);
  const step = replacement(flow, channels(grey()), tensor([2], [1, 1, 1, 1]), 0.5);
  const out = read(step(x, 0.4, 0.4, philox(2)));
  const before = read(x);
  const seenPart = (v: number[], row: number): number =>
    (v[3 * row]! + v[3 * row + 1]! + v[3 * row + 2]!) / Math.sqrt(3);
  const rows = Array.from({ length: n }, (_, i) => i);
  const grey1 = rows.map(row => seenPart(out, row));
  const mean = grey1.reduce((a, b) => a + b, 0) / n;
  const variance = grey1.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1);
  const want = flow.sigma(0.4) ** 2 + (flow.alpha(0.4) * 0.5) ** 2;
  assert.ok(Math.abs(mean - 2 * flow.alpha(0.4)) < 4 * Math.sqrt(want / n));
  assert.ok(Math.abs(variance / want - 1) < 4 * Math.sqrt(2 / n));
  const difference = (v: number[]) => rows.map(row => v[3 * row]! - v[3 * row + 1]!);
  assert.ok(gap(difference(out), difference(before)) < 1e-5);
});
