import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zeros } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { exactScore } from '../../../lib/exact/index.js';
import { normalCdf } from '../../../lib/math/index.js';
import { ksTest } from '../../../lib/metrics/index.js';
import { vp } from '../../../lib/process/index.js';
import { brownianTree } from '../../../lib/rng/brownian-tree.js';
import { brownianPath, pathNormals } from '../../../lib/rng/index.js';
import { philox } from '../../../lib/rng/rng.js';
import { eulerMaruyama, sra } from '../../../lib/samplers/index.js';
import { followPath, last, predictor, solve, uniformTimes } from '../../../lib/solve/index.js';
import { gap, lineMixture } from '../../oracle.js';

test('increments and areas of any subdivision add up, in any order of questions', () => {
  const time = fc.double({ min: 0, max: 3, noNaN: true });
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.tuple(time, time, time), (seed, list) => {
      const [a, b, c] = [...list].sort((x, y) => x - y) as [number, number, number];
      const path = brownianPath(philox(seed), 2, 3);
      const whole = path.step(a, c);
      const [second, first] = [path.step(b, c), path.step(a, b)];
      assert.ok(
        gap(
          whole.w,
          first.w.map((v, i) => v + second.w[i]!),
        ) < 1e-12,
      );
      const area = first.area.map((v, i) => v + second.area[i]! + (c - b) * first.w[i]!);
      assert.ok(gap(whole.area, area) < 1e-12);
      const again = brownianPath(philox(seed), 2, 3).step(a, c);
      assert.deepEqual([...again.w, ...again.area], [...whole.w, ...whole.area]);
    }),
  );
});

test('its standardised increments and areas are independent standard normals, at steps of any width', () => {
  for (const [n, length] of [
    [64, 1],
    [37, 2.5],
  ] as const) {
    const drawn = [0, 1].map(() => [] as number[]);
    for (let seed = 0; seed < 12; seed++) {
      const path = brownianPath(philox(seed), 1, length);
      for (let i = 0; i < n; i++) {
        const z = pathNormals(path.step((i * length) / n, ((i + 1) * length) / n), length / n);
        for (const [k, list] of drawn.entries()) list.push(z[k]![0]!);
      }
    }
    const count = drawn[0]!.length;
    for (const values of drawn) assert.ok(ksTest({ n: count, d: 1, values }, normalCdf).pValue > 1e-3);
    const correlation = drawn[0]!.reduce((s, v, i) => s + (v * drawn[1]![i]!) / count, 0);
    const serial = drawn[0]!.reduce((s, v, i) => s + (v * (drawn[0]![i + 1] ?? 0)) / count, 0);
    for (const value of [correlation, serial]) assert.ok(Math.abs(value) < 4 / Math.sqrt(count), `${value}`);
  }
});

test('runs with ever smaller steps on one path approach each other', () => {
  const process = vp();
  const score = exactScore(lineMixture, process);
  const path = brownianPath(philox(9), 40, 0.7);
  const run = (n: number, method = eulerMaruyama()) =>
    last(
      solve(
        predictor(process, score, method, followPath(path, 0.8)),
        zeros([40, 1]),
        uniformTimes(n, 0.8, 0.1),
        philox(0),
      ),
    ).dataSync();
  const fine = run(512, sra());
  const distance = (n: number) => Array.from(run(n)).reduce((s, v, i) => s + Math.abs(v - fine[i]!) / 40, 0);
  assert.ok(distance(256) < 0.35 * distance(64), `${distance(64)} → ${distance(256)}`);
  assert.ok(Array.from(run(256, sra())).every((v, i) => Math.abs(v - fine[i]!) < 0.02));
});

test('between the finest nodes a path is the parabola of its increment and area, as deep as was asked', () => {
  for (const depth of [0, 3]) {
    const at = brownianTree(philox(7), 1, 1, depth);
    const width = 2 ** -depth;
    const w = [0, 1, 2, 3, 4].map(k => at(3 * width + (k * width) / 4 - (depth === 0 ? 3 : 0)).w[0]!);
    const third = [0, 1].map(k => w[k + 3]! - 3 * w[k + 2]! + 3 * w[k + 1]! - w[k]!);
    assert.ok(Math.max(...third.map(Math.abs)) < 1e-12, `depth ${depth}: ${third}`);
  }
});
