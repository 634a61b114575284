import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { normalCdf } from '../../../lib/exact/index.js';
import {
  energyDistance,
  frechetDistance,
  gaussianFrechet,
  ksTest,
  ksTwoSample,
  maximumMeanDiscrepancy,
  medianDistance,
  slicedWasserstein,
  wasserstein1d,
} from '../../../lib/metrics/index.js';
import { philox } from '../../../lib/rng/rng.js';

const normals = (seed: number, n: number, shift = 0) => ({
  n,
  d: 1,
  values: Float64Array.from(philox(seed).normals(n), z => z + shift),
});

test('the fast energy distance on the line is the one over pairs, embedded in the plane', () => {
  const list = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 2, maxLength: 30 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      const line = energyDistance({ n: a.length, d: 1, values: a }, { n: b.length, d: 1, values: b });
      const lift = (v: number[]) => ({ n: v.length, d: 2, values: v.flatMap(x => [0.6 * x, 0.8 * x]) });
      assert.ok(Math.abs(line - energyDistance(lift(a), lift(b))) < 1e-12);
    }),
  );
});

test('the energy distance of N(0, 1) and N(δ, 1) has its closed form', () => {
  // E|N(m, 2)| = 2/√π e^{−m²/4} + m (1 − 2Φ(−m/√2)).
  const folded = (m: number) =>
    (2 / Math.sqrt(Math.PI)) * Math.exp((-m * m) / 4) + m * (1 - 2 * normalCdf(-m / Math.SQRT2));
  const want = 2 * folded(1) - 2 * folded(0);
  const runs = Array.from({ length: 20 }, (_, i) =>
    energyDistance(normals(2 * i, 2000), normals(2 * i + 1, 2000, 1)),
  );
  const mean = runs.reduce((a, b) => a + b, 0) / 20;
  const error = Math.sqrt(runs.reduce((s, v) => s + (v - mean) ** 2, 0) / 19 / 20);
  assert.ok(Math.abs(mean - want) < 4 * error, `${mean} ± ${error} against ${want}`);
});

test('the energy distance of equal laws is 0 on average', () => {
  const runs = Array.from({ length: 40 }, (_, i) =>
    energyDistance(normals(2 * i, 500), normals(2 * i + 1, 500)),
  );
  const mean = runs.reduce((a, b) => a + b, 0) / 40;
  const error = Math.sqrt(runs.reduce((s, v) => s + (v - mean) ** 2, 0) / 39 / 40);
  assert.ok(Math.abs(mean) < 4 * error, `${mean} ± ${error}`);
});

test('KS: its statistic on a small example by hand, and p-values uniform under the hypothesis', () => {
  const { statistic } = ksTest({ n: 3, d: 1, values: [0.1, 0.5, 0.9] }, x => x);
  assert.ok(Math.abs(statistic - (1 / 3 - 0.1)) < 1e-12);
  assert.equal(ksTwoSample({ n: 2, d: 1, values: [0, 1] }, { n: 2, d: 1, values: [2, 3] }).statistic, 1);
  const p = Array.from({ length: 200 }, (_, i) => ksTest(normals(i, 400), normalCdf).pValue);
  const q = Array.from({ length: 200 }, (_, i) => ksTwoSample(normals(i, 400), normals(900 + i, 300)).pValue);
  for (const values of [p, q]) assert.ok(ksTest({ n: 200, d: 1, values }, x => x).pValue > 1e-3);
  assert.ok(ksTest(normals(1, 400, 0.5), normalCdf).pValue < 1e-6);
});

test('samples of different sizes of event are refused', () => {
  assert.throws(() => energyDistance(tensor([[1, 2], [3, 4]]), tensor([[1], [2]])), /coordinates is \[2, 1\]/); // biome-ignore format: rows
});

test('sliced Wasserstein and Fréchet distances of shifted Gaussians', () => {
  const n = 4000;
  const draw = (seed: number, shift: number) => ({
    n,
    d: 2,
    values: Float64Array.from(
      philox(seed).normals(2 * n),
      (z, i) => z * (i % 2 === 0 ? 2 : 1) + (i % 2 === 0 ? shift : 0),
    ),
  });
  // A shift by m in one of two dimensions: E⟨θ, m⟩² = m²/2.
  const sliced = slicedWasserstein(draw(1, 0), draw(2, 3), philox(3), 200);
  assert.ok(Math.abs(sliced - 3 / Math.SQRT2) < 0.25, `${sliced}`);
  const frechet = frechetDistance(draw(1, 0), draw(2, 3));
  assert.ok(Math.abs(frechet - 9) < 6 * 3 * 2 * Math.sqrt(2 / n), `${frechet}`);
});

test('the Fréchet distance of Gaussians is that of a linear map that commutes, and 0 for equal ones', () => {
  const rotation = (angle: number, a: number, b: number) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [[c * c * a + s * s * b, c * s * (a - b)], [c * s * (a - b), s * s * a + c * c * b]]; // biome-ignore format: rows
  };
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.tuple(...[0, 1, 2, 3].map(() => fc.double({ min: 0.01, max: 4, noNaN: true }))),
      (angle, v) => {
        const p = { mean: [0, 1], covariance: rotation(angle, v[0]!, v[1]!) };
        const q = { mean: [2, 1], covariance: rotation(angle, v[2]!, v[3]!) };
        const want =
          4 + (Math.sqrt(v[0]!) - Math.sqrt(v[2]!)) ** 2 + (Math.sqrt(v[1]!) - Math.sqrt(v[3]!)) ** 2;
        assert.ok(Math.abs(gaussianFrechet(p, q) - want) < 1e-9);
        assert.ok(Math.abs(gaussianFrechet(p, p)) < 1e-9);
      },
    ),
  );
});

test('Wasserstein on the line: the closed form of sorted samples, of sets of different sizes, and of a shift', () => {
  const of = (values: number[]) => ({ n: values.length, d: 1, values });
  assert.ok(Math.abs(wasserstein1d(of([3, 1, 2]), of([5, 4, 6])) - 3) < 1e-12);
  assert.ok(Math.abs(wasserstein1d(of([0, 0, 1, 1]), of([0, 1])) - 0) < 1e-12);
  assert.ok(Math.abs(wasserstein1d(of([0, 1]), of([0, 1, 2])) - 0.5) < 1e-12);
  assert.ok(Math.abs(wasserstein1d(of([0, 1, 2]), of([1, 2, 4]), 2) - Math.sqrt((1 + 1 + 4) / 3)) < 1e-12);
});

test('MMD: its closed form between Gaussians, and 0 on average for equal laws', () => {
  // E k(X − Y) for X − Y ~ N(m, 2) and bandwidth 1: e^{−m²/6}/√3.
  const kernel = (m: number) => Math.exp((-m * m) / 6) / Math.sqrt(3);
  const runs = (shift: number) =>
    Array.from({ length: 20 }, (_, i) =>
      maximumMeanDiscrepancy(normals(2 * i, 400), normals(2 * i + 1, 400, shift), 1),
    );
  for (const shift of [0, 1]) {
    const values = runs(shift);
    const mean = values.reduce((a, b) => a + b, 0) / 20;
    const error = Math.sqrt(values.reduce((s, v) => s + (v - mean) ** 2, 0) / 19 / 20);
    const want = 2 * kernel(0) - 2 * kernel(shift);
    assert.ok(Math.abs(mean - want) < 4 * error, `${mean} ± ${error} against ${want}`);
  }
  const median = medianDistance(normals(1, 400), normals(2, 400));
  assert.ok(Math.abs(median - 0.6745 * Math.SQRT2) < 0.06, `${median}`);
});
