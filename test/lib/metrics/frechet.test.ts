import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { frechetDistance, gaussianFrechet } from '../../../lib/metrics/index.js';
import { philox } from '../../../lib/rng/rng.js';

test('the Fréchet distance of shifted samples is the squared shift', () => {
  const n = 4000;
  const draw = (seed: number, shift: number) => ({
    n,
    d: 2,
    values: Float64Array.from(philox(seed).normals(2 * n), (z, i) => (i % 2 === 0 ? 2 * z + shift : z)),
  });
  const frechet = frechetDistance(draw(1, 0), draw(2, 3));
  // Four standard errors of 2·3·(difference of two means of deviation 2).
  assert.ok(Math.abs(frechet - 9) < 4 * 6 * 2 * Math.sqrt(2 / n), `${frechet}`);
});

test('the Fréchet distance of Gaussians is that of a linear map that commutes, and 0 for equal ones', () => {
  const rotation = (angle: number, a: number, b: number) => {
    const [c, s] = [Math.cos(angle), Math.sin(angle)];
    return [
      [c * c * a + s * s * b, c * s * (a - b)],
      [c * s * (a - b), s * s * a + c * c * b],
    ];
  };
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 3, noNaN: true }),
      fc.tuple(...[0, 1, 2, 3].map(() => fc.double({ min: 0.01, max: 4, noNaN: true }))),
      (angle, v) => {
        const p = { mean: [0, 1], covariance: rotation(angle, v[0]!, v[1]!) };
        const q = { mean: [2, 1], covariance: rotation(angle, v[2]!, v[3]!) };
        const want = 4 + (Math.sqrt(v[0]!) - Math.sqrt(v[2]!)) ** 2 + (Math.sqrt(v[1]!) - Math.sqrt(v[3]!)) ** 2;
        assert.ok(Math.abs(gaussianFrechet(p, q) - want) < 1e-9);
        assert.ok(Math.abs(gaussianFrechet(p, p)) < 1e-9);
      },
    ),
  );
});
