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

test('the Fréchet distance of singular Gaussians: on two lines, and of a line and a point', () => {
  const along = (u: number[], mean: number[]) => ({ mean, covariance: u.map(a => u.map(b => a * b)) });
  const [u, w] = [
    [1, 2, -2],
    [0, 3, 1],
  ];
  // tr √ of u uᵀ and w wᵀ is |u·w|, which is 4 here.
  const found = gaussianFrechet(along(u!, [0, 0, 0]), along(w!, [1, 0, 0]));
  assert.ok(Math.abs(found - (1 + 9 + 10 - 2 * 4)) < 1e-6, `${found}`);
  const point = { mean: [0, 0, 0], covariance: [0, 1, 2].map(() => [0, 0, 0]) };
  assert.ok(Math.abs(gaussianFrechet(along(u!, [0, 0, 0]), point) - 9) < 1e-9);
});

test('from n samples of equal laws it is too large, and half as much from twice as many', () => {
  const d = 4;
  const draw = (seed: number, n: number) => ({ n, d, values: philox(seed).normals(n * d) });
  const mean = (n: number) => {
    const runs = Array.from({ length: 30 }, (_, i) => frechetDistance(draw(2 * i, n), draw(2 * i + 1, n)));
    return runs.reduce((a, b) => a + b, 0) / runs.length;
  };
  const [few, many] = [mean(200), mean(400)];
  // Means cost 2d/n and covariances d(d + 1)/(2n), 18/200 in all; one run deviates by .036.
  assert.ok(Math.abs(few - 18 / 200) < (5 * 0.036) / Math.sqrt(30), `${few}`);
  assert.ok(few / many > 1.3 && few / many < 3, `${few}, ${many}`);
});
