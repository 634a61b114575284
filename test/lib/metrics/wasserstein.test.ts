import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slicedWasserstein, wasserstein1d } from '../../../lib/metrics/index.js';
import { philox } from '../../../lib/rng/rng.js';

test('Wasserstein on the line: the closed form of sorted samples, of sets of different sizes, and of a shift', () => {
  const of = (values: number[]) => ({ n: values.length, d: 1, values });
  assert.ok(Math.abs(wasserstein1d(of([3, 1, 2]), of([5, 4, 6])) - 3) < 1e-12);
  assert.ok(Math.abs(wasserstein1d(of([0, 0, 1, 1]), of([0, 1])) - 0) < 1e-12);
  assert.ok(Math.abs(wasserstein1d(of([0, 1]), of([0, 1, 2])) - 0.5) < 1e-12);
  assert.ok(Math.abs(wasserstein1d(of([0, 1, 2]), of([1, 2, 4]), 2) - Math.sqrt((1 + 1 + 4) / 3)) < 1e-12);
});

test('the sliced distance of a shift m in two dimensions is √(m²/2), and 0 for the same samples', () => {
  const n = 2000;
  const values = Float64Array.from(philox(1).normals(2 * n));
  const shifted = values.map((z, i) => (i % 2 === 0 ? z + 3 : z));
  // Over directions ⟨θ, m⟩² = 9 cos² has mean 4.5 and deviation 9/√8; four standard errors of 400 directions.
  const squared = slicedWasserstein({ n, d: 2, values }, { n, d: 2, values: shifted }, philox(3), 400) ** 2;
  assert.ok(Math.abs(squared - 4.5) < (4 * 9) / Math.sqrt(8 * 400), `${squared}`);
  assert.equal(slicedWasserstein({ n, d: 2, values }, { n, d: 2, values }, philox(3)), 0);
});
