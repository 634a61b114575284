import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concat, memory, mul, slice, tidy } from '@tensorflow/tfjs-core';
import { solveSde } from '../../../lib/adaptive/index.js';
import { cdf, exactScore, gaussian, marginal, mixture, sampleMixture } from '../../../lib/exact/index.js';
import { ksTest } from '../../../lib/metrics/index.js';
import { priorDeviation, subVp, ve, vp } from '../../../lib/process/index.js';
import { brownianPath } from '../../../lib/rng/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { sra } from '../../../lib/samplers/index.js';
import { followPath, last, type Noise, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
import { gap, lineMixture } from '../../oracle.js';
import { slow } from '../../support/slow.js';

test('marginals are right for every process, at a tolerance whose bias is below the noise of 120 samples', {
  skip: slow('three processes'),
}, () => {
  for (const [name, process] of Object.entries({ vp: vp(), ve: ve({ sigmaMax: 10 }), subVp: subVp() })) {
    const score = exactScore(lineMixture, process);
    const x = sampleMixture(marginal(lineMixture, process, 1), 120, philox(1));
    const out = solveSde(process, score, x, 1, 0.01, philox(2));
    const { pValue } = ksTest(out.x, v => cdf(marginal(lineMixture, process, 0.01), v));
    assert.ok(pValue > 1e-3, `${name}: p = ${pValue}, ${out.evaluations} evaluations`);
  }
});

test('it converges to the solution on the path of each row', () => {
  const process = vp();
  const score = exactScore(gaussian([0.4], 0.3), process);
  const x = mul(philox(8).normal([6, 1]), priorDeviation(process));
  const out = solveSde(process, score, x, 1, 0.05, philox(3), { rtol: 1e-3, atol: 1e-3 });
  // The same six paths in one batch of SRA1 with small steps.
  const paths = [0, 1, 2, 3, 4, 5].map(i => followPath(brownianPath(philox(3).fold(i), 1, 0.95, 16), 1));
  const noise: Noise = (y, t, u, n, rng) => {
    const rows = paths.map((path, i) => path(slice(y, [i, 0], [1, 1]), t, u, n, rng));
    return [0, 1].map(k => concat(rows.map(z => z[k]!)));
  };
  const step = predictor(process, score, sra(), noise);
  const rows = last(solve(step, x, uniformTimes(250, 1, 0.05), philox(0))).dataSync();
  // The error of the whole run stays below the tolerance of a step.
  assert.ok(gap(out.x.dataSync(), rows) < 1e-3, `${out.x.dataSync()} against ${rows}`);
});

test('no row changes the result of another, to the last bit, and nothing leaks', () => {
  const model = mixture([
    { weight: 0.5, mean: [1, -1], covariance: 0.1 },
    { weight: 0.5, mean: [-1, 0.5], covariance: [0.1, 0.02] },
  ]);
  const process = vp();
  const score = exactScore(model, process);
  const x = philox(3).normal([8, 2]);
  const other = concat([slice(x, [0, 0], [5, 2]), tidy(() => mul(philox(7).normal([3, 2]), 9))]);
  const before = memory().numTensors;
  const [a, b] = [x, other].map(start => solveSde(process, score, start, 1, 0.01, philox(2)));
  assert.deepEqual([...a!.x.dataSync()].slice(0, 10), [...b!.x.dataSync()].slice(0, 10));
  assert.deepEqual(a!.accepted.slice(0, 5), b!.accepted.slice(0, 5));
  assert.equal(memory().numTensors, before + 2);
});
