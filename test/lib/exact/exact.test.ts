import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grad, memory, type Tensor, tensor, tensor1d, tidy, sum as total } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import {
  cdf,
  condition,
  density,
  draw,
  erfc,
  exactLogClass,
  exactLogDensity,
  exactScore,
  gaussian,
  logDensity,
  marginal,
  matrixProduct,
  mixture,
  momentsOf,
  posterior,
  quantile,
  responsibilities,
  restrict,
  score,
  symmetricEigen,
  transpose,
} from '../../../lib/exact/index.js';
import { subVp, ve, vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { correlated, gap, lineMixture, planeMixture } from '../../oracle.js';

const processes = { vp: vp(), ve: ve(), subVp: subVp() };

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

test('the score is the derivative of the log density, which integrates to 1', () => {
  const at = marginal(lineMixture, processes.vp, 0.2);
  let mass = 0;
  for (let x = -8; x <= 8; x += 0.001) mass += 0.001 * density(at, [x]);
  assert.ok(Math.abs(mass - 1) < 1e-12, `mass ${mass}`);
  const plane = marginal(planeMixture, processes.subVp, 0.3);
  const h = 1e-5;
  for (const [x, y] of [
    [0.3, -0.7],
    [-2, 1.5],
    [4, 4],
  ] as const) {
    const s = score(plane, [x, y]);
    const dx = (logDensity(plane, [x + h, y]) - logDensity(plane, [x - h, y])) / (2 * h);
    const dy = (logDensity(plane, [x, y + h]) - logDensity(plane, [x, y - h])) / (2 * h);
    assert.ok(gap(s, [dx, dy]) < 1e-8 * (1 + Math.hypot(...s)), `${s} against ${[dx, dy]}`);
  }
});

for (const [name, process] of Object.entries(processes)) {
  test(`tensors agree with float64 on the host under ${name}, with one time and with a time per row`, () => {
    const rows = [[0.1, -0.4], [-1.4, 0.2], [2.2, 1.9]]; // biome-ignore format: rows
    const times = [0.05, 0.4, 1];
    const x = tensor(rows);
    const read = (y: Tensor): number[] => Array.from(y.dataSync());
    for (const model of [planeMixture, correlated]) {
      const s = exactScore(model, process);
      const log = exactLogDensity(model, process);
      const want = rows.map((row, i) => score(marginal(model, process, times[i]!), row));
      const wantLog = rows.map((row, i) => logDensity(marginal(model, process, times[i]!), row));
      const size = Math.max(...want.flat().map(Math.abs));
      const perRow = tidy(() => read(s(x, tensor1d(times))));
      assert.ok(gap(perRow, want.flat()) < 4e-6 * size, `${perRow} against ${want}`);
      assert.ok(
        gap(
          tidy(() => read(log(x, tensor1d(times)))),
          wantLog,
        ) < 2e-5,
      );
      const one = rows.map(row => score(marginal(model, process, 0.4), row));
      assert.ok(
        gap(
          tidy(() => read(s(x, 0.4))),
          one.flat(),
        ) <
          4e-6 * size,
      );
      const differentiated = tidy(() => read(grad((y: Tensor) => total(log(y, 0.4)))(x)));
      assert.ok(gap(differentiated, one.flat()) < 4e-6 * size, 'automatic derivative of the log density');
    }
  });
}

test('any event shape goes through the same code', () => {
  const flat = gaussian(new Array(12).fill(0.5), 0.3);
  for (const shape of [[12], [2, 6], [2, 3, 2], [2, 2, 3, 1]]) {
    const model = { ...flat, shape };
    const { x } = draw(model, 5, philox(3));
    assert.deepEqual(x.shape, [5, ...shape]);
    assert.deepEqual(exactScore(model, processes.vp)(x, 0.3).shape, [5, ...shape]);
  }
  const scalars = mixture([{ mean: 0.2, covariance: 1 }], []);
  const x = draw(scalars, 4, philox(1)).x;
  assert.deepEqual(x.shape, [4]);
  assert.deepEqual(exactScore(scalars, processes.ve)(x, 0.3).shape, [4]);
});

test("Bayes: the posterior times the evidence is the prior times the kernel, and its mean is Tweedie's", () => {
  fc.assert(
    fc.property(fc.tuple(...[0, 1, 2, 3].map(() => fc.double({ min: -2, max: 2, noNaN: true }))), v => {
      const [x0, x] = [v.slice(0, 2), v.slice(2, 4)];
      const t = 0.3;
      const { vp: process } = processes;
      const after = posterior(planeMixture, process, x, t);
      const kernel = gaussian(
        x0.map(c => process.alpha(t) * c),
        process.sigma(t) ** 2,
      );
      const at = marginal(planeMixture, process, t);
      const left = logDensity(after, x0) + logDensity(at, x);
      const right = logDensity(planeMixture, x0) + logDensity(kernel, x);
      assert.ok(Math.abs(left - right) < 1e-8 * (1 + Math.abs(right)), `${left} against ${right}`);
      const tweedie = score(at, x).map((s, i) => (x[i]! + process.sigma(t) ** 2 * s) / process.alpha(t));
      assert.ok(gap(momentsOf(after).mean, tweedie) < 1e-9);
    }),
  );
});

test('conditioning a Gaussian on an exact coordinate gives the textbook conditional', () => {
  const given = condition(
    gaussian(
      [0, 0],
      [
        [1, 0.9],
        [0.9, 1],
      ],
    ),
    { matrix: [[1, 0]], value: [1], sigma: 0 },
  );
  const { mean, covariance } = momentsOf(given);
  assert.ok(gap(mean, [1, 0.9]) < 1e-14);
  assert.ok(gap(covariance.flat(), [0, 0, 0, 1 - 0.81]) < 1e-14);
});

test('classes: log p(class | x) is the sum of responsibilities', () => {
  const x = tensor([[0.1, 0.4], [-1, 1]]); // biome-ignore format: rows
  const got = exactLogClass(planeMixture, processes.ve, [0, 2])(x, 0.2).dataSync();
  const at = marginal(planeMixture, processes.ve, 0.2);
  const want = [
    [0.1, 0.4],
    [-1, 1],
  ].map(p => {
    const r = responsibilities(at, p);
    return Math.log(r[0]! + r[2]!);
  });
  assert.ok(gap(got, want) < 1e-5, `${got} against ${want}`);
  assert.deepEqual(
    restrict(planeMixture, [0, 2]).weights.map(w => w.toFixed(6)),
    ['0.615385', '0.384615'],
  );
});

test('distribution functions: known values, and quantiles that invert them', () => {
  // erfc(.5), erfc(3), erfc(6) as tabulated in DLMF 7.
  assert.ok(Math.abs(erfc(0.5) - 0.4795001221869535) < 1e-15);
  assert.ok(Math.abs(erfc(3) / 2.209049699858544e-5 - 1) < 1e-13);
  assert.ok(Math.abs(erfc(6) / 2.151973671249892e-17 - 1) < 1e-13);
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }), p => {
      const x = quantile(lineMixture, p);
      assert.ok(Math.abs(cdf(lineMixture, x) - p) < 1e-14, `${p} → ${x}`);
    }),
  );
});

test('samples have the moments of the model', () => {
  const n = 40_000;
  const { x, components } = draw(planeMixture, n, philox(11));
  const values = x.dataSync();
  const { mean, covariance } = momentsOf(planeMixture);
  for (const i of [0, 1]) {
    let sum = 0;
    for (let row = 0; row < n; row++) sum += values[2 * row + i]! / n;
    const error = Math.sqrt(covariance[i]![i]! / n);
    assert.ok(Math.abs(sum - mean[i]!) < 4 * error, `coordinate ${i}: ${sum} against ${mean[i]}`);
  }
  const share = components.filter(k => k === 0).length / n;
  assert.ok(Math.abs(share - 0.4) < 4 * Math.sqrt(0.24 / n), `share ${share}`);
});

test('errors name the value and the way out', () => {
  assert.throws(
    () =>
      gaussian(
        [0, 0],
        [
          [1, 0.5],
          [0.4, 1],
        ],
      ),
    /symmetric/,
  );
  assert.throws(() => gaussian([0], [-1]), /covariance/);
  assert.throws(() => mixture([{ weight: 0, mean: [0], covariance: 1 }]), /weight is 0/);
  assert.throws(() => cdf(planeMixture, 0), /D = 1/);
});

test('nothing leaks', () => {
  const x = tensor([[0.1, 0.4]]);
  const before = memory().numTensors;
  for (const run of [exactScore, exactLogDensity]) {
    run(planeMixture, processes.vp)(x, 0.5).dispose();
    const t = tensor1d([0.5]);
    run(planeMixture, processes.vp)(x, t).dispose();
    t.dispose();
  }
  assert.equal(memory().numTensors, before);
});
