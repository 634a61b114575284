import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalCdf } from '../../../lib/math/index.js';
import { ksTest, ksTwoSample } from '../../../lib/metrics/index.js';
import { philox } from '../../../lib/rng/rng.js';

const normals = (seed: number, n: number, shift = 0) => ({
  n,
  d: 1,
  values: Float64Array.from(philox(seed).normals(n), z => z + shift),
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

test('KS: the critical value of the tables for ten samples, 0.409, has the p-value 0.05', () => {
  const at = Array.from({ length: 10 }, (_, i) => Math.min(1, i / 10 + 0.40925)); // Massey 1951
  const { statistic, pValue } = ksTest({ n: 10, d: 1, values: at }, x => x);
  assert.ok(Math.abs(statistic - 0.40925) < 1e-12);
  assert.ok(Math.abs(pValue - 0.05) < 1e-3, `${pValue}`);
});
