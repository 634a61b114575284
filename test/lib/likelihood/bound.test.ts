import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mul, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { exactLogDensity, exactScore, gaussian, logDensity, marginal } from '../../../lib/exact/index.js';
import { bitsPerDimension, centred256, dequantise, unit256, variationalBound } from '../../../lib/likelihood/index.js';
import { importanceDistribution, uniformDistribution } from '../../../lib/loss/index.js';
import { subVp, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import type { GaussianProcess, Score } from '../../../lib/types.js';
import { gap } from '../../oracle.js';

const model = gaussian(
  [0.3, -0.2],
  [
    [0.5, 0.2],
    [0.2, 0.4],
  ],
);

const point = [0.6, -0.5];
const epsilon = 0.01;

const estimate = (process: GaussianProcess, score: Score, distribution = uniformDistribution(epsilon, process.T)) => {
  const n = 4000;
  const x = tensor(Array.from({ length: n }, () => point));
  const prior = (y: Tensor) => exactLogDensity(model, process)(y, process.T);
  const values = Array.from(
    variationalBound(process, score, x, prior, philox(5), { epsilon, draws: 4, distribution }).dataSync(),
  );
  const mean = values.reduce((a, b) => a + b, 0) / n;
  return { mean, error: Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1) / n) };
};

for (const [name, process] of Object.entries({ vp: vp(), subVp: subVp() })) {
  test(`the variational bound under ${name} is tight for the exact score and lower for a scaled one`, () => {
    const exact = exactScore(model, process);
    // With the exact score the mean is E[log p_ε(x_ε) | x_0] = log p_ε(α x_0) − ½σ² tr C_ε⁻¹.
    const at = marginal(model, process, epsilon);
    const trace = at.variances[0]!.reduce((sum, v) => sum + 1 / v, 0);
    const mean = point.map(v => process.alpha(epsilon) * v);
    const want = logDensity(at, mean) - 0.5 * process.sigma(epsilon) ** 2 * trace;
    const tight = estimate(process, exact);
    assert.ok(Math.abs(tight.mean - want) < 4 * tight.error, `${tight.mean} ± ${tight.error} against ${want}`);
    const weighted = estimate(process, exact, importanceDistribution(process, epsilon, process.T));
    assert.ok(Math.abs(weighted.mean - want) < 4 * weighted.error, `${weighted.mean} against ${want}`);
    assert.ok(weighted.error > tight.error, 'uniform times have the smaller variance here');
    const loose = estimate(process, (x, t) => mul(exact(x, t), 0.7));
    assert.ok(loose.mean < want - 4 * loose.error, `${loose.mean} ± ${loose.error} against ${want}`);
  });
}

test('N3: bits per dimension of a dequantised uniform law are 8, whatever the scaling', () => {
  for (const levels of [centred256, unit256]) {
    const log = tensor([Math.log(1 / (256 * levels.width)) * 3, 0]);
    const [first] = Array.from(bitsPerDimension(log as Parameters<typeof bitsPerDimension>[0], 3, levels).dataSync());
    assert.ok(Math.abs(first! - 8) < 1e-6);
  }
});

test('N3: on average the bits of a dequantised law bound its entropy from above, by little where it is smooth', () => {
  // Levels k = 0 … 255 with a discretised N(128, 20²): the density of the dequantised value is taken from the model.
  const n = 20_000;
  const k = Array.from(philox(6).normals(n), z => Math.floor(128 + 20 * z));
  const at = (x: number): number => Math.exp(-((x - 128) ** 2) / 800) / (20 * Math.sqrt(2 * Math.PI));
  const smooth = gaussian([0], (20 / 128) ** 2);
  const x = dequantise(tensor(k, [n, 1]), centred256, philox(7));
  const log = tensor(Array.from(x.dataSync(), v => logDensity(smooth, [v])));
  const bits = Array.from(bitsPerDimension(log as Parameters<typeof bitsPerDimension>[0], 1, centred256).dataSync());
  const mean = bits.reduce((a, b) => a + b, 0) / n;
  let entropy = 0;
  for (let level = 0; level < 256; level++) {
    let p = 0;
    for (let i = 0; i < 64; i++) p += at(level + (i + 0.5) / 64) / 64;
    if (p > 0) entropy -= p * Math.log2(p);
  }
  const error = Math.sqrt(bits.reduce((s, v) => s + (v - mean) ** 2, 0) / n / n);
  assert.ok(mean > entropy - 4 * error && mean < entropy + 1e-3 + 4 * error, `${mean} ± ${error} against ${entropy}`);
});

test('dequantised values stay within their level', () => {
  const x = dequantise(
    tensor([
      [0, 255],
      [7, 7],
    ]),
    centred256,
    philox(1),
  ).dataSync();
  const back = Array.from(x, v => Math.floor((v + 1) * 128));
  assert.ok(gap(back, [0, 255, 7, 7]) === 0);
});
