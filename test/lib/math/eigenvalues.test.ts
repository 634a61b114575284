import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { symmetricEigen, symmetricEigenvalues } from '../../../lib/math/index.js';
import { gap } from '../../oracle.js';

test('eigenvalues of a symmetric matrix are those of rotations, small, repeated and of either sign', () => {
  const sized = fc.integer({ min: 1, max: 7 }).chain(n => {
    const entry = fc.oneof(fc.integer({ min: -2, max: 2 }), fc.double({ min: -3, max: 3, noNaN: true }));
    return fc.array(entry, { minLength: n * n, maxLength: n * n });
  });
  fc.assert(
    fc.property(sized, list => {
      const n = Math.sqrt(list.length);
      const a = Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (__, j) => list[n * i + j]! + list[n * j + i]!),
      );
      const want = symmetricEigen(a).values.sort((x, y) => x - y);
      assert.ok(gap([...symmetricEigenvalues(a)], want) < 1e-12);
    }),
  );
});

test('second differences of 150 points have the eigenvalues 2 − 2cos(kπ/151), hidden by reflections too', () => {
  const n = 150;
  const want = Array.from({ length: n }, (_, k) => 2 - 2 * Math.cos((Math.PI * (k + 1)) / (n + 1)));
  const entry = (i: number, j: number): number => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0);
  const plain = want.map((_, i) => want.map((__, j) => entry(i, j)));
  assert.ok(gap([...symmetricEigenvalues(plain)], want) < 1e-13);
  // H A H with H = I − 2 v vᵀ, v = (1, …, 1)/√n: no entry stays 0.
  const mean = plain.map(row => row.reduce((s, v) => s + v, 0) / n);
  const all = mean.reduce((s, v) => s + v, 0) / n;
  const full = plain.map((row, i) => row.map((v, j) => v - 2 * mean[i]! - 2 * mean[j]! + 4 * all));
  assert.ok(gap([...symmetricEigenvalues(full)], want) < 1e-12);
});

test('a matrix that is not square, or not finite, is refused', () => {
  assert.throws(() => symmetricEigenvalues([[1, 2]]), /row 0 of the matrix is \[1, 2\]/);
  assert.throws(() => symmetricEigenvalues([[Number.NaN]]), /finite/);
});
