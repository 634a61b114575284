import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { exactScore, marginal, mixture, momentsOf, posterior, sampleMixture } from '../../../lib/exact/index.js';
import { subVp, timeOfScale, ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { reverseDiffusion } from '../../../lib/samplers/index.js';
import { denoise, last, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
import { gap, planeMixture } from '../../oracle.js';

test("Tweedie's formula is the mean of the posterior, with one time and with one per row", () => {
  const points = [
    [0.2, -0.4],
    [1.3, 0.1],
  ];
  for (const process of [vp(), ve({ sigmaMax: 5 }), subVp()]) {
    const exact = exactScore(planeMixture, process);
    const at = (t: number[]) => points.flatMap((p, i) => momentsOf(posterior(planeMixture, process, p, t[i]!)).mean);
    assert.ok(gap(denoise(process, exact, tensor(points), 0.3).dataSync(), at([0.3, 0.3])) < 2e-5);
    assert.ok(gap(denoise(process, exact, tensor(points), [0.2, 0.5]).dataSync(), at([0.2, 0.5])) < 2e-5);
  }
});

test('S5: the last denoising step takes off the noise of the level at which sampling stops', () => {
  // Data at two points, blurred by .001; sampling stops where σ = .01, the least noise of the discrete chain.
  const process = ve();
  const data = mixture([
    { mean: [-1, 0], covariance: 1e-6 },
    { mean: [1, 0.5], covariance: 1e-6 },
  ]);
  const exact = exactScore(data, process);
  const end = timeOfScale(process, 0.01);
  const start = sampleMixture(marginal(data, process, 1), 400, philox(1));
  const step = predictor(process, exact, reverseDiffusion());
  const noisy = last(solve(step, start, uniformTimes(400, 1, end), philox(2)));
  const clean = denoise(process, exact, noisy, end);
  const spread = (x: Tensor): number => {
    const values = Array.from(x.dataSync());
    const points = [
      [-1, 0],
      [1, 0.5],
    ] as const;
    const square = values.reduce((sum, v, i) => {
      const point = points[values[i - (i % 2)]! < 0 ? 0 : 1];
      return sum + (v - point[i % 2]!) ** 2;
    }, 0);
    return Math.sqrt(square / values.length);
  };
  assert.ok(Math.abs(spread(noisy) / 0.01 - 1) < 0.1, `${spread(noisy)}`);
  assert.ok(spread(clean) < 0.15 * spread(noisy), `${spread(clean)} against ${spread(noisy)}`);
});
