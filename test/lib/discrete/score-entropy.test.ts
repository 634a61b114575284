import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dispose, grad, type Tensor, type Tensor1D, tensor, tidy, zeros } from '@tensorflow/tfjs-core';
import {
  absorbingRates,
  entropyRow,
  exactRatios,
  type JumpBatch,
  type JumpProcess,
  jumpBatch,
  jumpKernel,
  jumpProcess,
  type Law,
  lawAt,
  scoreEntropyOf,
  uniformRates,
} from '../../../lib/discrete/index.js';
import { uniformDistribution } from '../../../lib/loss/index.js';
import { linearBeta } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/index.js';
import { leavesNothing, near, take } from '../../support/tensors.js';

const noise = linearBeta({ betaMin: 0.3, betaMax: 3 });
const processes = { uniform: jumpProcess(uniformRates(3), noise), absorbing: jumpProcess(absorbingRates(4), noise) };
const dataOf = (process: JumpProcess): Law => (process.rates.length === 3 ? [0.6, 0.1, 0.3] : [0.6, 0.1, 0.3, 0]);
const otherOf = (process: JumpProcess): Law => (process.rates.length === 3 ? [0.2, 0.5, 0.3] : [0.2, 0.5, 0.3, 0]);

/** All pairs of x_0 and x_t at one time, in the shares that they have, as a batch whose mean is the expectation. */
const everything = (process: JumpProcess, data: Law, t: number): JumpBatch => {
  const kernel = jumpKernel(process, 0, t);
  const pairs = data.flatMap((p, x0) => kernel[x0]!.map((q, x) => ({ x0, x, share: p * q }))).filter(v => v.share > 0);
  const rows = pairs.map(({ x0, x, share }) => {
    const { weight, ratio } = entropyRow(process, kernel, x0, x, t);
    const scaled = weight.map(w => w * share * pairs.length);
    const least = scaled.reduce(
      (sum, w, y) => sum + (w === 0 || ratio[y] === 0 ? 0 : w * ratio[y]! * (Math.log(ratio[y]!) - 1)),
      0,
    );
    return { scaled, ratio: ratio.map((a, y) => (scaled[y] === 0 ? 0 : a)), least };
  });
  return {
    x: tensor(
      pairs.map(v => [v.x]),
      [pairs.length, 1],
      'int32',
    ),
    label: tensor(pairs.map(() => t)) as Tensor1D,
    weight: tensor(rows.map(v => [v.scaled])),
    ratio: tensor(rows.map(v => [v.ratio])),
    least: tensor(rows.map(v => v.least)) as Tensor1D,
  };
};

/** A table of log ratios, as a network. */
const tableOf = (process: JumpProcess, data: Law, t: number) => {
  const ratios = exactRatios(process, data);
  return process.rates.map((row, x) =>
    ratios(x, t).map((v, y) => (row[y] === 0 && process.rates[y]![x] === 0 ? 0 : Math.log(v))),
  );
};
const finite = (table: number[][]) => table.map(row => row.map(v => (Number.isFinite(v) ? v : 0)));
const network = (table: number[][]) => (x: Tensor) =>
  tensor(
    Array.from(x.dataSync()).flatMap(at => table[at]!),
    [x.shape[0]!, 1, table.length],
  );

for (const [name, process] of Object.entries(processes)) {
  const [data, other] = [dataOf(process), otherOf(process)];

  test(`the loss is least at the ratios of the law: ${name}`, () => {
    const batch = everything(process, data, 0.4);
    const loss = scoreEntropyOf((x: Tensor) => network(finite(tableOf(process, data, 0.4)))(x));
    const logs = network(finite(tableOf(process, data, 0.4)))(batch.x);
    const slope = take(grad((l: Tensor) => scoreEntropyOf(() => l)(batch))(logs));
    // Slopes of one state cancel over what x_0 may have been.
    const states = Array.from(batch.x.dataSync());
    const n = process.rates.length;
    for (let x = 0; x < n; x++) {
      for (let y = 0; y < n; y++) {
        const total = states.reduce((sum, at, i) => sum + (at === x ? slope[i * n + y]! : 0), 0);
        assert.ok(Math.abs(total) < 1e-6, `${x}, ${y}: ${total}`);
      }
    }
    assert.ok(take(loss(batch))[0]! >= -1e-6);
  });

  test(`what another law’s ratios lose, over all times, is their divergence: ${name}`, () => {
    const lossAt = (t: number, of: Law) =>
      tidy(() => scoreEntropyOf(network(finite(tableOf(process, of, t))))(everything(process, data, t)).dataSync()[0]!);
    const divergence = (t: number) => {
      const [p, q] = [lawAt(process, data, t), lawAt(process, other, t)];
      return p.reduce((sum, v, x) => sum + (v === 0 ? 0 : v * Math.log(v / q[x]!)), 0);
    };
    const times = Array.from({ length: 101 }, (_, i) => 0.05 + (0.95 * i) / 100);
    const gaps = times.map(t => lossAt(t, other) - lossAt(t, data));
    const area =
      gaps.reduce((sum, v, i) => sum + v * (i === 0 || i === 100 ? 1 : i % 2 === 1 ? 4 : 2), 0) * (0.95 / 300);
    assert.ok(Math.abs(area - (divergence(0.05) - divergence(1))) < 1e-4, `${area}`);
    assert.ok(area > 0.05);
  });
}

test('a batch holds what its jumps make of the words, and its loss is that of all pairs on average', () => {
  const process = processes.uniform;
  const rng = philox(2);
  const x0 = Int32Array.from(rng.uniforms(4000), u => (u < 0.6 ? 0 : u < 0.7 ? 1 : 2));
  const [lo, hi] = [0.3, 0.5];
  const batch = jumpBatch(process, x0, 2, rng, uniformDistribution(lo, hi));
  const [x, label, ratio] = [batch.x.dataSync(), batch.label.dataSync(), batch.ratio.dataSync()];
  for (const at of [0, 1234, 3999]) {
    const t = label[at >> 1]!;
    const { ratio: expected } = entropyRow(process, jumpKernel(process, 0, t), x0[at]!, x[at]!, t);
    near(
      ratio.slice(3 * at, 3 * at + 3),
      expected.map((v, y) => (y === x[at] ? 0 : v)),
      1e-5,
    );
  }
  const table = [
    [0, 0.2, -0.1],
    [0.4, 0, 0],
    [-0.3, 0.1, 0],
  ];
  const apply = (words: Tensor) =>
    tensor(
      Array.from(words.dataSync()).flatMap(at => table[at]!),
      [2000, 2, 3],
    );
  const found = take(scoreEntropyOf(apply)(batch))[0]!;
  const lossAt = (t: number) =>
    tidy(() => scoreEntropyOf(network(table))(everything(process, dataOf(process), t)).dataSync()[0]!);
  // Simpson's rule on the mean over [lo, hi], for two places.
  const expected = (2 * (lossAt(lo) + 4 * lossAt((lo + hi) / 2) + lossAt(hi))) / 6;
  assert.ok(Math.abs(found - expected) < 0.06 * expected, `${found}, not ${expected}`);
});

test('an output of another shape is refused, and nothing is left behind', () => {
  const batch = jumpBatch(processes.uniform, [0, 1, 2, 0], 2, philox(0));
  assert.throws(() => scoreEntropyOf(() => zeros([2, 2]))(batch), /the output of the network/);
  leavesNothing(() => dispose(jumpBatch(processes.uniform, [0, 1, 2, 0], 2, philox(0))));
});
