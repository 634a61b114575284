import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { matrixExponential, matrixProduct, symmetricFunction } from '../../../lib/math/index.js';
import { near } from '../../support/tensors.js';

const square = (n: number, size: number) =>
  fc.array(fc.array(fc.double({ min: -size, max: size, noNaN: true }), { minLength: n, maxLength: n }), {
    minLength: n,
    maxLength: n,
  });

test('of symmetric matrices it is that of the eigenvalues, and e^{−A} undoes e^A', () => {
  fc.assert(
    fc.property(square(4, 2), a => {
      const even = a.map((row, i) => row.map((v, j) => v + a[j]![i]!));
      near(matrixExponential(even).flat(), symmetricFunction(even, Math.exp).flat(), 1e-9);
      const undone = matrixProduct(matrixExponential(a), matrixExponential(a.map(row => row.map(v => -v))));
      near(undone.flat(), [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], 1e-8);
    }),
    { numRuns: 30 },
  );
});

test('a shear and a turn, in closed form', () => {
  near(
    matrixExponential([
      [0, 3],
      [0, 0],
    ]).flat(),
    [1, 3, 0, 1],
    1e-15,
  );
  near(
    matrixExponential([
      [0, -9],
      [9, 0],
    ]).flat(),
    [Math.cos(9), -Math.sin(9), Math.sin(9), Math.cos(9)],
    1e-13,
  );
});

test('matrices that are not square or not finite are refused', () => {
  assert.throws(() => matrixExponential([[1, 2]]), /row 0 of the matrix/);
  assert.throws(() => matrixExponential([[Number.NaN]]), /have to be finite/);
});
