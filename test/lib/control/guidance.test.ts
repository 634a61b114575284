import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { add, memory, mul, sub, type Tensor, tensor1d } from '@tensorflow/tfjs-core';
import { type ClassScore, classifierFreeGuidance, classifierGuidance, ofClass } from '../../../lib/control/index.js';
import {
  cdf,
  exactLogClass,
  exactScore,
  marginal,
  mixture,
  restrict,
  sampleMixture,
} from '../../../lib/exact/index.js';
import { ksTest } from '../../../lib/metrics/index.js';
import { ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { eulerMaruyama } from '../../../lib/samplers/index.js';
import { last, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
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
