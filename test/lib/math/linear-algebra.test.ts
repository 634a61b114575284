import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cholesky, logDeterminant, matrixProduct, symmetricEigen, transpose } from '../../../lib/math/index.js';
import { gap } from '../../oracle.js';

test('a symmetric matrix is its eigenvectors and eigenvalues, to float64 rounding', () => {
  const entries = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 16, maxLength: 16 });
  fc.assert(
    fc.property(entries, list => {
      const a = [0, 1, 2, 3].map(i => [0, 1, 2, 3].map(j => list[4 * i + j]! + list[4 * j + i]!));
      const { values, vectors } = symmetricEigen(a);
      const scaled = vectors.map((row, i) => row.map(v => v * values[i]!));
      assert.ok(gap(matrixProduct(transpose(vectors), scaled).flat(), a.flat()) < 1e-13 * 10);
      const product = matrixProduct(vectors, transpose(vectors)).flat();
      assert.ok(gap(product, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]) < 1e-14);
    }),
  );
});

test('a Cholesky factor gives the matrix and its determinant back, and a singular matrix has none', () => {
  const a = [
    [4, 2],
    [2, 3],
  ];
  const l = cholesky(a).map((row, i) => [0, 1].map(j => (j <= i ? row[j]! : 0)));
  assert.ok(gap(matrixProduct(l, transpose(l)).flat(), a.flat()) < 1e-14);
  assert.ok(Math.abs(logDeterminant(a) - Math.log(8)) < 1e-14);
  for (const last of [1, 0.5])
    assert.throws(
      () =>
        cholesky([
          [1, 1],
          [1, last],
        ]),
      /positive definite/,
    );
});
