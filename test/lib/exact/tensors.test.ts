import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grad, memory, type Tensor, tensor, tensor1d, tidy, sum as total } from '@tensorflow/tfjs-core';
import {
  exactLogClass,
  exactLogDensity,
  exactScore,
  gaussian,
  logDensity,
  marginal,
  mixture,
  momentsOf,
  responsibilities,
  restrict,
  sampleComponents,
  score,
} from '../../../lib/exact/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { correlated, gap, planeMixture } from '../../oracle.js';
import { paperProcesses } from '../../support/processes.js';

for (const [name, process] of Object.entries(paperProcesses)) {
  test(`tensors agree with float64 on the host under ${name}, with one time and with a time per row`, () => {
    const rows = [
      [0.1, -0.4],
      [-1.4, 0.2],
      [2.2, 1.9],
    ];
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
    const { x } = sampleComponents(model, 5, philox(3));
    assert.deepEqual(x.shape, [5, ...shape]);
    assert.deepEqual(exactScore(model, paperProcesses.vp)(x, 0.3).shape, [5, ...shape]);
  }
  const scalars = mixture([{ mean: 0.2, covariance: 1 }], []);
  const x = sampleComponents(scalars, 4, philox(1)).x;
  assert.deepEqual(x.shape, [4]);
  assert.deepEqual(exactScore(scalars, paperProcesses.ve)(x, 0.3).shape, [4]);
});

test('classes: log p(class | x) is the sum of responsibilities', () => {
  const x = tensor([
    [0.1, 0.4],
    [-1, 1],
  ]);
  const got = exactLogClass(planeMixture, paperProcesses.ve, [0, 2])(x, 0.2).dataSync();
  const at = marginal(planeMixture, paperProcesses.ve, 0.2);
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

test('samples have the moments of the model', () => {
  const n = 40_000;
  const { x, components } = sampleComponents(planeMixture, n, philox(11));
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

test('nothing leaks', () => {
  const x = tensor([[0.1, 0.4]]);
  const before = memory().numTensors;
  for (const run of [exactScore, exactLogDensity]) {
    run(planeMixture, paperProcesses.vp)(x, 0.5).dispose();
    const t = tensor1d([0.5]);
    run(planeMixture, paperProcesses.vp)(x, t).dispose();
    t.dispose();
  }
  assert.equal(memory().numTensors, before);
});
