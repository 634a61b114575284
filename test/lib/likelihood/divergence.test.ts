import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { matMul, mul, reshape, sin, tensor, tensor2d } from '@tensorflow/tfjs-core';
import { exactTrace, hutchinson, normalDirections, signDirections } from '../../../lib/likelihood/index.js';
import type { RowDrift } from '../../../lib/process/reverse.js';
import { philox } from '../../../lib/rng/rng.js';
import { scaleRows } from '../../../lib/rows.js';
import { gap } from '../../oracle.js';

const J = [
  [1, 0.8, -0.3],
  [0.8, -0.5, 0.4],
  [-0.3, 0.4, 2],
];
const linear: RowDrift = x => matMul(x as ReturnType<typeof tensor2d>, tensor2d(J));

test('the exact trace of t·sin(ω x), in any chunks and for any event shape', () => {
  const omega = tensor([1, 2, 3, 4, 5, 6], [1, 2, 3]);
  const field: RowDrift = (x, t) => scaleRows(sin(mul(x, omega)), t);
  const x = reshape(philox(1).normal([24]), [4, 2, 3]);
  const values = x.dataSync();
  const t = [0.1, 0.5, 1, 2];
  const want = t.map((time, row) => {
    let total = 0;
    for (let i = 0; i < 6; i++) total += time * (i + 1) * Math.cos((i + 1) * values[6 * row + i]!);
    return total;
  });
  for (const chunk of [1, 4, 6, 64]) assert.ok(gap(exactTrace(chunk)(field, x, t).dataSync(), want) < 2e-5);
});

test('N2: Hutchinson is unbiased, with variance 2Σ_{i≠j}J_ij² for signs and 2‖J‖_F² for normals', () => {
  const n = 40_000;
  const x = philox(2).normal([n, 3]);
  const t = new Array<number>(n).fill(0);
  const square = (keep: (i: number, j: number) => boolean): number =>
    J.reduce((s, row, i) => s + row.reduce((r, v, j) => r + (keep(i, j) ? v * v : 0), 0), 0);
  const cases = [
    { directions: signDirections([n, 3], philox(3)), variance: 2 * square((i, j) => i !== j) },
    { directions: normalDirections([n, 3], philox(4)), variance: 2 * square(() => true) },
  ];
  for (const { directions, variance } of cases) {
    const values = Array.from(hutchinson(directions)(linear, x, t).dataSync());
    const mean = values.reduce((a, b) => a + b, 0) / n;
    const found = values.reduce((s, v) => s + (v - mean) ** 2, 0) / (n - 1);
    assert.ok(Math.abs(mean - 2.5) < 4 * Math.sqrt(variance / n), `mean ${mean}`);
    assert.ok(Math.abs(found / variance - 1) < 0.06, `variance ${found} against ${variance}`);
  }
});
