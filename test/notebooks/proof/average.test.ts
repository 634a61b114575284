import assert from 'node:assert/strict';
import { test } from 'node:test';
import { philox } from '../../../lib/index.js';
import { average, largest, standardErrors } from '../../../notebooks/proof/average.js';

test('standard errors are those of the mean: ±1 alternating about 0.1 is 0.1/√(1/n) off', () => {
  const values = Float64Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? 1 : -1) + 0.1);
  assert.ok(Math.abs(average(values) - 0.1) < 1e-14);
  assert.ok(Math.abs(standardErrors(values, 0) - 2) < 1e-12);
  assert.ok(standardErrors(values, 0.1) < 1e-12);
});

test('an average of normal draws is within five standard errors of 0, and far from a tenth', () => {
  const draws = philox(0).normals(40_000);
  assert.ok(standardErrors(draws, 0) < 5);
  assert.ok(standardErrors(draws, 0.1) > 5);
});

test('the largest is told without its sign, and NaN is not passed over', () => {
  assert.equal(largest([1, -3, 2]), 3);
  assert.equal(largest([]), 0);
  assert.ok(Number.isNaN(largest([1, Number.NaN, 2])));
});
