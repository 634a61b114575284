import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  absorbingRates,
  jumpKernel,
  jumpProcess,
  lawAt,
  uniformRates,
  wordRates,
} from '../../../lib/discrete/index.js';
import { derivative, matrixProduct, matrixVector, transpose } from '../../../lib/math/index.js';
import { linearBeta } from '../../../lib/process/index.js';
import { near } from '../../support/tensors.js';

const noise = linearBeta({ betaMin: 0.3, betaMax: 4 });
const own = [
  [-1, 0.7, 0.3],
  [0, -0.5, 0.5],
  [2, 0.1, -2.1],
];
const data = [0.5, 0.2, 0.3];

test('what is left of a state is e^{−B}: the rest is spread evenly, or masked', () => {
  const [t, u] = [0.2, 0.9];
  const left = Math.exp(noise.integral(t) - noise.integral(u));
  const even = jumpKernel(jumpProcess(uniformRates(3), noise), t, u);
  near(
    even.flat(),
    [0, 1, 2].flatMap(x => [0, 1, 2].map(y => (x === y ? left : 0) + (1 - left) / 3)),
    1e-13,
  );
  const masked = jumpKernel(jumpProcess(absorbingRates(3), noise), t, u);
  near(masked.flat(), [left, 0, 1 - left, 0, left, 1 - left, 0, 0, 1], 1e-13);
});

test('kernels compose, and laws obey dp/dt = β Qᵀ p', () => {
  const process = jumpProcess(own, noise);
  near(
    matrixProduct(jumpKernel(process, 0, 0.4), jumpKernel(process, 0.4, 1)).flat(),
    jumpKernel(process, 0, 1).flat(),
    1e-13,
  );
  for (const t of [0.3, 0.8]) {
    const slopes = data.map((_, x) => derivative(s => lawAt(process, data, s)[x]!, 1)(t));
    near(
      slopes,
      matrixVector(transpose(own), lawAt(process, data, t)).map(v => v * noise.beta(t)),
      1e-8,
    );
  }
});

test('the chances of a word are the products of the chances of its places', () => {
  const [place, word] = [jumpProcess(own, noise), jumpProcess(wordRates(own, 2), noise)];
  const [one, two] = [jumpKernel(place, 0, 0.7), jumpKernel(word, 0, 0.7)];
  for (let x = 0; x < 9; x++) {
    const [first, second] = [Math.floor(x / 3), x % 3];
    near(
      two[x]!,
      [0, 1, 2].flatMap(y => [0, 1, 2].map(z => one[first]![y]! * one[second]![z]!)),
      1e-12,
    );
  }
});

test('rates that are none are refused', () => {
  assert.throws(() => jumpProcess([[-1, 1]], noise), /row 0 of the rates/);
  assert.throws(
    () =>
      jumpProcess(
        [
          [1, -1],
          [0, 0],
        ],
        noise,
      ),
    /rate from 0 to 1 is -1/,
  );
  assert.throws(
    () =>
      jumpProcess(
        [
          [-1, 1],
          [1, 0],
        ],
        noise,
      ),
    /sum of row 1 of the rates is 1/,
  );
  assert.throws(() => lawAt(jumpProcess(own, noise), [0.5, 0.5], 1), /law of the data/);
});
