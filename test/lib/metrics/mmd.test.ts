import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maximumMeanDiscrepancy, medianDistance } from '../../../lib/metrics/index.js';
import { philox } from '../../../lib/rng/rng.js';

const normals = (seed: number, n: number, shift = 0) => ({
  n,
  d: 1,
  values: Float64Array.from(philox(seed).normals(n), z => z + shift),
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

test('the median distance is the middle one', () => {
  const points = (...values: number[]) => ({ n: values.length, d: 1, values: Float64Array.from(values) });
  assert.equal(medianDistance(points(0, 10, 20), points(1, 3, 6)), 7); // of 1, 3, 4, 6, 7, 9, 14, 17, 19
});
