import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, memory, mul, slice, sub, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import {
  betweenScales,
  type ClassScore,
  classifierFreeGuidance,
  classifierGuidance,
  ofClass,
} from '../../../lib/control/index.js';
import {
  cdf,
  exactLogClass,
  exactScore,
  gaussian,
  marginal,
  mixture,
  restrict,
  sampleMixture,
} from '../../../lib/exact/index.js';
import { ksTest } from '../../../lib/metrics/index.js';
import { varsigma, ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { ddim, eulerMaruyama } from '../../../lib/samplers/index.js';
import { last, predictor, quadraticTimes, solve, uniformTimes } from '../../../lib/solve/index.js';
import type { Score } from '../../../lib/types.js';
import { gap, lineMixture, planeMixture } from '../../oracle.js';

const read = (x: Tensor): number[] => Array.from(x.dataSync());

test('C1: the unconditional score and the gradient of the exact classifier are the exact conditional score', () => {
  const x = mul(philox(1).normal([20, 2]), 1.5);
  const times = tensor1d(Array.from(philox(2).uniforms(20), u => 0.05 + 0.9 * u));
  for (const process of [vp(), ve()]) {
    for (const wanted of [[0], [1, 2]]) {
      const guided = classifierGuidance(
        exactScore(planeMixture, process),
        exactLogClass(planeMixture, process, wanted),
      );
      const want = exactScore(restrict(planeMixture, wanted), process);
      for (const t of [0.1, 0.6, times]) {
        const size = Math.max(...read(want(x, t)).map(Math.abs));
        assert.ok(gap(read(guided(x, t)), read(want(x, t))) < 1e-5 * size);
      }
    }
  }
});

test('C1: sampling with the guided score gives the class', () => {
  const process = vp();
  const guided = classifierGuidance(exactScore(lineMixture, process), exactLogClass(lineMixture, process, [1]));
  const wanted = restrict(lineMixture, [1]);
  const start = sampleMixture(marginal(wanted, process, 1), 500, philox(3));
  const end = last(solve(predictor(process, guided, eulerMaruyama()), start, uniformTimes(250, 1, 0.01), philox(4)));
  assert.ok(ksTest(end, v => cdf(marginal(wanted, process, 0.01), v)).pValue > 1e-3);
});

test('classifier-free guidance: w = 0, 1 are the two scores, and w = 2 the classifier at twice its weight', () => {
  const process = vp();
  const [all, one] = [exactScore(planeMixture, process), exactScore(restrict(planeMixture, [2]), process)];
  const x = philox(5).normal([10, 2]);
  const at = (w: number) => read(classifierFreeGuidance(one, all, w)(x, 0.3));
  const size = Math.max(...read(one(x, 0.3)).map(Math.abs));
  assert.ok(gap(at(0), read(all(x, 0.3))) === 0);
  assert.ok(gap(at(1), read(one(x, 0.3))) < 1e-6 * size);
  const twice = classifierGuidance(all, exactLogClass(planeMixture, process, [2]), 2);
  assert.ok(gap(at(2), read(twice(x, 0.3))) < 1e-5 * size);
  assert.ok(gap(at(3), read(add(all(x, 0.3), mul(sub(one(x, 0.3), all(x, 0.3)), 3)))) < 1e-5 * size);
});

test('a weight between two scales is w there and 1 elsewhere, row by row', () => {
  const process = vp();
  const [all, one] = [exactScore(planeMixture, process), exactScore(restrict(planeMixture, [2]), process)];
  const w = betweenScales(process, varsigma(process, 0.2), varsigma(process, 0.6), 4);
  const times = [0.1, 0.3, 0.5, 0.7];
  const x = philox(7).normal([4, 2]);
  const got = read(classifierFreeGuidance(one, all, w)(x, tensor1d(times)));
  const want = times.flatMap((t, i) => {
    const row = slice(x, [i, 0], [1, 2]);
    return read(classifierFreeGuidance(one, all, i === 0 || i === 3 ? 1 : 4)(row, t));
  });
  assert.ok(gap(got, want) < 1e-5 * Math.max(...want.map(Math.abs)));
});

test('rescaled guidance has the direction of guidance and, wholly rescaled, the deviation of the conditional score', () => {
  const process = vp();
  const [all, one] = [exactScore(planeMixture, process), exactScore(restrict(planeMixture, [2]), process)];
  const x = philox(8).normal([6, 2]);
  const [plain, half, whole] = [0, 0.5, 1].map(rescale =>
    read(classifierFreeGuidance(one, all, 5, { rescale })(x, 0.4)),
  );
  const aim = read(one(x, 0.4));
  for (let i = 0; i < 12; i += 2) {
    const spread = (v: number[]): number => Math.abs(v[i]! - v[i + 1]!) / 2;
    assert.ok(Math.abs(spread(whole!) / spread(aim) - 1) < 1e-4);
    assert.ok(Math.abs(half![i]! / (plain![i]! + whole![i]!) - 0.5) < 1e-4);
    assert.ok(Math.abs(whole![i]! / plain![i]! - whole![i + 1]! / plain![i + 1]!) < 1e-4);
  }
  assert.throws(() => classifierFreeGuidance(one, all, 2, { rescale: 2 }), /rescale is 2/);
  const onLine = exactScore(lineMixture, process);
  const scalar = philox(8).normal([3, 1]);
  assert.throws(() => classifierFreeGuidance(onLine, onLine, 2, { rescale: 1 })(scalar, 0.4), /one number/);
});

test('autoguidance moves samples off the tails that a worse model has, and plain sampling leaves them there', () => {
  const process = vp();
  // Two models of N(0, 1) that err alike, the worse one more: both are too wide.
  const [model, worse] = [gaussian([0], 1.3), gaussian([0], 1.8)];
  const guided = classifierFreeGuidance(exactScore(model, process), exactScore(worse, process), 2);
  const variance = (s: Score): number => {
    const start = philox(9).normal([4000, 1]);
    const end = last(solve(predictor(process, s, ddim()), start, quadraticTimes(40, 1, 1e-3), philox(1)));
    return read(end).reduce((total, v) => total + v * v, 0) / 4000;
  };
  const [plain, better] = [variance(exactScore(model, process)), variance(guided)];
  assert.ok(Math.abs(plain - 1.3) < 5 * 1.3 * Math.sqrt(2 / 4000) + 0.02);
  assert.ok(better < plain && Math.abs(better - 1) < Math.abs(plain - 1), `${better} against ${plain}`);
});

test('a class score with one label for every row', () => {
  const scores: ClassScore = (x, _t, labels) => mul(x, labels[0]!);
  const x = philox(6).normal([2, 3]);
  assert.ok(gap(read(ofClass(scores, 4)(x, 0.1)), read(mul(x, 4))) === 0);
});

test('nothing leaks', () => {
  const model = mixture([
    { mean: [0], covariance: 1 },
    { mean: [1], covariance: 2 },
  ]);
  const process = vp();
  const x = philox(1).normal([3, 1]);
  const before = memory().numTensors;
  classifierGuidance(exactScore(model, process), exactLogClass(model, process, [0]))(x, 0.4).dispose();
  assert.equal(memory().numTensors, before);
});
