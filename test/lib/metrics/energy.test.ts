import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { normalCdf } from '../../../lib/math/index.js';
import { energyDistance } from '../../../lib/metrics/index.js';
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
  const runs = Array.from({ length: 20 }, (_, i) => energyDistance(normals(2 * i, 2000), normals(2 * i + 1, 2000, 1)));
  const mean = runs.reduce((a, b) => a + b, 0) / 20;
  const error = Math.sqrt(runs.reduce((s, v) => s + (v - mean) ** 2, 0) / 19 / 20);
  assert.ok(Math.abs(mean - want) < 4 * error, `${mean} ± ${error} against ${want}`);
});

test('the energy distance of equal laws is 0 on average', () => {
  const runs = Array.from({ length: 40 }, (_, i) => energyDistance(normals(2 * i, 500), normals(2 * i + 1, 500)));
  const mean = runs.reduce((a, b) => a + b, 0) / 40;
  const error = Math.sqrt(runs.reduce((s, v) => s + (v - mean) ** 2, 0) / 39 / 40);
  assert.ok(Math.abs(mean) < 4 * error, `${mean} ± ${error}`);
});

test('samples of different sizes of event are refused', () => {
  assert.throws(
    () =>
      energyDistance(
        tensor([
          [1, 2],
          [3, 4],
        ]),
        tensor([[1], [2]]),
      ),
    /coordinates is \[2, 1\]/,
  );
});
