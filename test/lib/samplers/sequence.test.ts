import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-core';
import { exactScore, gaussian, gaussianWasserstein, marginal, samplerLaw } from '../../../lib/exact/index.js';
import { ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import {
  ancestral,
  correctedBy,
  dpmSolver2M,
  fixedLangevin,
  heun,
  reverseDiffusion,
  reverseFlow,
  type Sampler,
} from '../../../lib/samplers/index.js';
import { compose, last, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
import type { GaussianProcess } from '../../../lib/types.js';
import { gap, planeMixture } from '../../oracle.js';

test('a corrector and a predictor as one method take the steps of their composition, number for number', () => {
  const process = vp();
  const score = exactScore(planeMixture, process);
  const corrector = fixedLangevin((p, t) => 0.01 * p.sigma(t) ** 2);
  const x = philox(1).normal([20, 2]);
  for (const sampler of [reverseDiffusion(), heun(), dpmSolver2M(), reverseFlow()]) {
    const run = (step: Parameters<typeof solve>[0]): Tensor =>
      last(solve(step, x, uniformTimes(20, 1, 0.05), philox(2)));
    const one = run(predictor(process, score, correctedBy(corrector, sampler)));
    const two = run(compose(predictor(process, score, corrector), predictor(process, score, sampler)));
    assert.ok(gap(one.dataSync(), two.dataSync()) < 2e-4);
  }
});

/** Variances that fall like those of images; the corrector's step is 2r²‖z‖²/‖s‖² in the limit of many dimensions. */
const spectrum = [10, 1, 0.1, 0.01, 0.001];
const data = gaussian(new Array(5).fill(0), spectrum);
const corrector = (r: number): Sampler =>
  fixedLangevin((process, t) => {
    const [a, s] = [process.alpha(t) ** 2, process.sigma(t) ** 2];
    return (2 * r * r * spectrum.length) / spectrum.reduce((sum, v) => sum + 1 / (a * v + s), 0);
  });

const distance = (process: GaussianProcess, method: Sampler, n: number): number => {
  const start = { mean: 0, variance: process.alpha(1) ** 2 + process.sigma(1) ** 2 };
  const law = samplerLaw(data, process, method, uniformTimes(n, 1, 1e-3), start);
  return gaussianWasserstein(law, marginal(data, process, 1e-3));
};

test('S4: at equal cost, predictor and corrector beat twice the predictor steps, and the corrector alone is far behind', () => {
  const process = ve();
  for (const n of [125, 250, 500]) {
    const predictor = distance(process, reverseDiffusion(), 2 * n);
    const both = distance(process, correctedBy(corrector(0.16), reverseDiffusion()), n);
    const alone = distance(process, corrector(0.16), 2 * n);
    assert.ok(both < 0.9 * predictor, `${n}: ${both} against ${predictor}`);
    assert.ok(alone > 10 * predictor, `${n}: ${alone} against ${predictor}`);
  }
});

test('S4: reverse diffusion is ahead of ancestral sampling for VP and level with it for VE', () => {
  for (const n of [250, 500, 1000]) {
    assert.ok(distance(vp(), reverseDiffusion(), n) < 0.7 * distance(vp(), ancestral(), n));
    const ratio = distance(ve(), reverseDiffusion(), n) / distance(ve(), ancestral(), n);
    assert.ok(Math.abs(ratio - 1) < 0.05, `${ratio}`);
  }
});

test('S4: a corrector repairs a flow that takes long steps', () => {
  assert.ok(
    distance(ve(), correctedBy(corrector(0.16), reverseFlow()), 250) < 0.4 * distance(ve(), reverseFlow(), 500),
  );
});
