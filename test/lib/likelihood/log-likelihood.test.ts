import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memory, type Tensor, tensor } from '@tensorflow/tfjs-core';
import {
  exactLogDensity,
  exactScore,
  gaussian,
  type Mixture,
  mixture,
  sampleMixture,
} from '../../../lib/exact/index.js';
import {
  exactTrace,
  hutchinson,
  logLikelihood,
  normalLogDensity,
  signDirections,
} from '../../../lib/likelihood/index.js';
import { philox } from '../../../lib/rng/rng.js';
import type { GaussianProcess } from '../../../lib/types.js';
import { correlated, gap, lineMixture, planeMixture } from '../../oracle.js';
import { paperProcesses } from '../../support/processes.js';
import { slow } from '../../support/slow.js';

const image = mixture(
  [
    { weight: 0.6, mean: Array.from({ length: 12 }, (_, i) => Math.sin(i)), covariance: 0.3 },
    { weight: 0.4, mean: -0.5, covariance: Array.from({ length: 12 }, (_, i) => 0.1 + 0.02 * i) },
  ],
  [2, 3, 2],
);
const models: Record<string, Mixture> = {
  'a Gaussian': correlated,
  'a mixture on the line': lineMixture,
  'a mixture in the plane': planeMixture,
  'a mixture of 2×3×2 images': image,
};

const priorOf = (model: Mixture, process: GaussianProcess) => (x: Tensor) =>
  exactLogDensity(model, process)(x, process.T);

for (const [kind, process] of Object.entries(paperProcesses)) {
  for (const [name, model] of Object.entries(models)) {
    const skip = kind !== 'vp' && slow('hundreds of evaluations');
    test(`N1: log p of ${name} under ${kind} to 1e-4 nats per dimension`, { skip }, () => {
      const epsilon = 1e-3;
      const x = sampleMixture(model, 8, philox(2));
      const out = logLikelihood(process, exactScore(model, process), x, philox(0), {
        divergence: exactTrace(5),
        prior: priorOf(model, process),
        epsilon,
      });
      const want = exactLogDensity(model, process)(x, epsilon).dataSync();
      const d = x.size / 8;
      const error = gap(out.logDensity.dataSync(), want) / d;
      assert.ok(error < 1e-4, `${error} nats per dimension with ${out.evaluations} evaluations`);
    });
  }
}

test("Hutchinson's estimate is right on average, and the same directions give the same answer", () => {
  const process = paperProcesses.vp;
  const model = gaussian(
    [0.2, -0.1, 0.4],
    [
      [1, 0.5, 0],
      [0.5, 0.6, 0.2],
      [0, 0.2, 0.5],
    ],
  );
  const n = 400;
  const x = tensor(Array.from({ length: n }, () => [0.5, 0.2, -0.7]));
  const directions = signDirections([n, 3], philox(4));
  const run = () =>
    logLikelihood(process, exactScore(model, process), x, philox(0), {
      divergence: hutchinson(directions),
      prior: priorOf(model, process),
      epsilon: 1e-3,
    }).logDensity.dataSync();
  const values = Array.from(run());
  const want = exactLogDensity(model, process)(x, 1e-3).dataSync()[0]!;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const error = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1) / n);
  assert.ok(error > 1e-3 && Math.abs(mean - want) < 4 * error, `${mean} ± ${error} against ${want}`);
  assert.deepEqual(Array.from(run()), values);
});

test('epsilon truncates: log p_ε differs from log p_0 by what the noise at ε adds', () => {
  const process = paperProcesses.ve;
  const model = gaussian([0], 1e-4);
  const x = tensor([[0.01]]);
  const at = (epsilon: number) =>
    logLikelihood(process, exactScore(model, process), x, philox(0), {
      divergence: exactTrace(),
      prior: priorOf(model, process),
      epsilon,
    }).logDensity.dataSync()[0]!;
  const exact = (variance: number) => -0.5 * (1e-4 / variance + Math.log(2 * Math.PI * variance));
  for (const epsilon of [1e-5, 1e-2]) {
    const want = exact(1e-4 + process.sigma(epsilon) ** 2);
    assert.ok(Math.abs(at(epsilon) - want) < 1e-4, `ε = ${epsilon}: ${at(epsilon)} against ${want}`);
  }
  assert.ok(Math.abs(exact(1e-4 + process.sigma(1e-2) ** 2) - exact(1e-4)) > 1e-3);
});

test('the normal prior has its closed form, and nothing leaks', () => {
  const x = tensor([[[1, 2]], [[0, -1]]]);
  const want = [5, 1].map(s => -s / 8 - Math.log(2 * Math.PI * 4));
  assert.ok(gap(normalLogDensity(x, 2).dataSync(), want) < 1e-6);
  const process = paperProcesses.vp;
  const before = memory().numTensors;
  const out = logLikelihood(process, exactScore({ ...correlated, shape: [1, 2] }, process), x, philox(0), {
    divergence: exactTrace(),
  });
  assert.equal(memory().numTensors, before + 2);
  out.logDensity.dispose();
  out.latent.dispose();
});
