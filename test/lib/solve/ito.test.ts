import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mul, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { exactScore } from '../../../lib/exact/index.js';
import { itoMatrix, reverse, vp } from '../../../lib/process/index.js';
import type { NoiseLevel } from '../../../lib/process/reverse.js';
import { philox } from '../../../lib/rng/rng.js';
import { eulerMaruyama } from '../../../lib/samplers/index.js';
import { eulerMaruyamaIto, last, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
import { gap, planeMixture } from '../../oracle.js';

test('on the reverse SDE it is the linear sampler, on the same noise', () => {
  const process = vp();
  const score = exactScore(planeMixture, process);
  const x = philox(1).normal([10, 2]);
  for (const factor of [1, 0.5]) {
    const h: NoiseLevel = (p, t) => factor * p.g(t);
    const times = uniformTimes(50, 1, 0.01);
    const general = last(solve(eulerMaruyamaIto(reverse(process, score, h)), x, times, philox(2)));
    const linear = last(solve(predictor(process, score, eulerMaruyama(h)), x, times, philox(2)));
    assert.ok(gap(general.dataSync(), linear.dataSync()) < 1e-4);
  }
});

test('a matrix diffusion gives the covariance G Gᵀ t, also forwards in time', () => {
  const n = 20_000;
  const process = itoMatrix(
    1,
    x => mul(x, 0),
    () =>
      tensor2d([
        [1, 0],
        [0.8, 0.6],
      ]),
  );
  const end = last(
    solve(eulerMaruyamaIto(process), tensor(new Float32Array(2 * n), [n, 2]), [0, 0.25, 0.5], philox(3)),
  );
  const v = end.dataSync();
  const moment = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < n; k++) sum += (v[2 * k + i]! * v[2 * k + j]!) / n;
    return sum;
  };
  for (const [i, j, want] of [
    [0, 0, 0.5],
    [0, 1, 0.4],
    [1, 1, 0.5],
  ] as const) {
    assert.ok(Math.abs(moment(i, j) - want) < 4 * 0.5 * Math.sqrt(2 / n), `${i}${j}: ${moment(i, j)}`);
  }
});
