import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  add,
  div,
  memory,
  mul,
  neg,
  slice,
  square,
  squeeze,
  sub,
  type Tensor,
  type Tensor1D,
} from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { type LogCondition, type Particles, type SteerOptions, steer, systematic } from '../../../lib/control/index.js';
import {
  condition,
  density,
  exactScore,
  gaussian,
  type Mixture,
  marginal,
  mixture,
  momentsOf,
  posterior,
  samplerLaw,
} from '../../../lib/exact/index.js';
import { ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { ancestral, ddim, dpmSolver2MSde, heun, type Sampler } from '../../../lib/samplers/index.js';
import { karrasTimes } from '../../../lib/solve/index.js';
import type { GaussianProcess } from '../../../lib/types.js';
import { planeMixture } from '../../oracle.js';

const sigma = 0.4;
const seen = 0.5;
const last = 1e-3;

/** log N(y; the first coordinate, variance). */
const logNormal = (x: Tensor, variance: number): Tensor1D => {
  const first = squeeze(slice(x, [0, 0], [-1, 1]), [1]);
  const scaled = div(square(sub(first, seen)), -2 * variance);
  return sub(scaled, 0.5 * Math.log(2 * Math.PI * variance)) as Tensor1D;
};

/** log p(y | x_t), with the variance of the first coordinate given x_t; `part` of it is believed before the last time. */
const observed = (process: GaussianProcess, model: Mixture, part = 1): LogCondition => {
  const score = exactScore(model, process);
  return (x, time) => {
    const t = time as number;
    if (t === last) return logNormal(x, sigma ** 2);
    const clean = div(add(x, mul(score(x, t), process.sigma(t) ** 2)), process.alpha(t));
    const spread = momentsOf(posterior(model, process, [0, 0], t)).covariance[0]![0]!;
    return mul(logNormal(clean, sigma ** 2 + spread), part) as Tensor1D;
  };
};

const ended = (run: Iterable<Particles>): { logEvidence: number; mean: number[] } => {
  let out = { logEvidence: 0, mean: [0] };
  for (const { t, x, weights, logEvidence } of run) {
    if (t !== last) continue;
    const values = x.dataSync();
    out = { logEvidence, mean: [0, 1].map(k => weights.reduce((total, w, i) => total + w * values[2 * i + k]!, 0)) };
  }
  return out;
};

const run = (
  process: GaussianProcess,
  model: Mixture,
  sampler: Sampler,
  n: number,
  steps: number,
  seed: number,
  { part = 1, ...options }: SteerOptions & { part?: number } = {},
) => {
  const score = exactScore(model, process);
  const rng = philox(seed);
  const start = mul(rng.normal([n, 2]), process.sigma(1));
  const times = karrasTimes(process, steps, 1, last);
  const out = ended(steer(process, score, sampler, observed(process, model, part), start, times, rng, options));
  start.dispose();
  return out;
};

/** p(y) under a law of two coordinates. */
const evidenceOf = (law: Mixture): number => {
  const parts = law.weights.map((weight, k) => {
    const { mean, covariance } = momentsOf({
      ...law,
      weights: [1],
      means: [law.means[k]!],
      variances: [law.variances[k]!],
      bases: [law.bases[k]!],
    });
    return { weight, mean: [mean[0]!], covariance: covariance[0]![0]! + sigma ** 2 };
  });
  return density(mixture(parts), [seen]);
};

const pair = gaussian(
  [0.2, -0.3],
  [
    [0.6, 0.4],
    [0.4, 0.5],
  ],
);

// With fewer steps the sampler's variances are so far off that guided weights have heavy tails.
for (const [name, process, steps] of [
  ['vp', vp(), 20],
  ['ve', ve({ sigmaMax: 5 }), 8],
] as const) {
  for (const [way, options] of Object.entries({
    guided: {},
    'by weights alone': { guided: false },
    'by a wrong guide': { part: 0.6 },
    'never resampled': { resampleBelow: 0 },
    'always resampled': { resampleBelow: 1 },
  })) {
    test(`the evidence of few particles is unbiased for the sampler's own law: ${name}, ${way}`, () => {
      const times = karrasTimes(process, steps, 1, last);
      const law = samplerLaw(pair, process, ddim(1), times, { mean: 0, variance: process.sigma(1) ** 2 });
      const want = evidenceOf(law);
      const found = Array.from({ length: 60 }, (_, seed) =>
        Math.exp(run(process, pair, ddim(1), 24, steps, seed, options).logEvidence),
      );
      const mean = found.reduce((a, b) => a + b) / found.length;
      const error = Math.sqrt(
        found.reduce((total, v) => total + (v - mean) ** 2, 0) / (found.length - 1) / found.length,
      );
      assert.ok(Math.abs(mean - want) < 5 * error, `${mean} ± ${error} against ${want}`);
      assert.ok(error < 0.1 * want);
    });
  }
}

test('particles have the mean of the posterior of a mixture, where its modes are rare under the prior too', () => {
  const process = vp();
  const want = momentsOf(
    condition(marginal(planeMixture, process, last), { matrix: [[1, 0]], value: [seen], sigma }),
  ).mean;
  const { mean } = run(process, planeMixture, ancestral(), 3000, 80, 1);
  for (const [k, v] of mean.entries()) assert.ok(Math.abs(v - want[k]!) < 0.06, `${mean} against ${want}`);
});

test('systematic resampling takes each particle as often as its weight says, but for rounding', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (list, u) => {
        const total = list.reduce((a, b) => a + b);
        const weights = Float64Array.from(list, v => v / total);
        const places = systematic(weights, u);
        weights.forEach((w, i) => {
          const times = places.filter(place => place === i).length;
          assert.ok(Math.abs(times - w * list.length) < 1 + 1e-9, `${times} of ${w * list.length}`);
        });
      },
    ),
  );
});

test('nothing leaks, also when a run is ended early; what cannot be weighted is refused by name', () => {
  const process = vp();
  const score = exactScore(pair, process);
  const rng = philox(1);
  const x = rng.normal([8, 2]);
  const times = karrasTimes(process, 4, 1, last);
  const before = memory().numTensors;
  const go = (sampler: Sampler, potential: LogCondition = observed(process, pair)) =>
    steer(process, score, sampler, potential, x, times, rng);
  ended(go(ddim(1)));
  for (const { t } of go(ddim(1))) if (t < 0.5) break;
  assert.throws(() => ended(go(heun())), /the sampler is .*2 evaluations/);
  assert.throws(() => ended(go(dpmSolver2MSde())), /the sampler/);
  assert.throws(() => ended(go(ddim(1), y => mul(logNormal(y, 1), Number.NaN) as Tensor1D)), /log ψ at t = 1 is NaN/);
  assert.throws(
    () => ended(go(ddim(1), y => neg(mul(square(logNormal(y, 1)), Number.POSITIVE_INFINITY)) as Tensor1D)),
    /no particle is possible/,
  );
  assert.equal(memory().numTensors, before);
});
