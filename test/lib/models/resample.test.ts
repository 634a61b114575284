import '../../support/backend.js';
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { grad, mul, sum, type Tensor, tensor } from '@tensorflow/tfjs-core';
import { blur, double, halve } from '../../../lib/models/resample.js';
import { philox } from '../../../lib/rng/rng.js';
import { near, take } from '../../support/tensors.js';

/** up, pad, filter, down along one axis, as the definition has it: zeros between, zeros around, a sum over the taps. */
const alongLine = (x: number[], k: number[], up: number, down: number, before: number, after: number): number[] => {
  const spread = x.flatMap(v => [v, ...new Array<number>(up - 1).fill(0)]);
  const padded = [...new Array<number>(before).fill(0), ...spread, ...new Array<number>(after).fill(0)];
  const filtered = Array.from({ length: padded.length + 1 - k.length }, (_, i) =>
    k.reduce((s, tap, j) => s + tap * padded[i + j]!, 0),
  );
  return filtered.filter((_, i) => i % down === 0);
};
const alongImage = (x: number[][], line: (row: number[]) => number[]): number[][] => {
  const turn = (m: number[][]): number[][] => m[0]!.map((_, j) => m.map(row => row[j]!));
  return turn(turn(x.map(line)).map(line));
};

const rng = philox(11);
const rows = Array.from({ length: 6 }, () => Array.from(rng.normals(4)));
const image = (): Tensor => tensor(rows.flat(), [1, 6, 4, 1]);

for (const taps of [
  [1, 1],
  [1, 3, 3, 1],
]) {
  const n = taps.length;
  const total = taps.reduce((a, b) => a + b, 0);
  const unit = (gain: number) => taps.map(tap => (gain * tap) / total);

  describe(`resampling with the taps ${taps}`, () => {
    test('halves as zero padding, filter and every second pixel do', () => {
      const expected = alongImage(rows, row => alongLine(row, unit(1), 1, 2, (n - 2) / 2, (n - 2) / 2));
      near(take(halve(taps)(image())), expected.flat(), 1e-6);
    });

    test('doubles as zeros between the pixels and the filter do', () => {
      const expected = alongImage(rows, row => alongLine(row, unit(2), 2, 1, n / 2, (n - 2) / 2));
      near(take(double(taps)(image())), expected.flat(), 1e-6);
    });

    test('filters with a margin', () => {
      const expected = alongImage(rows, row => alongLine(row, unit(1), 1, 1, 2, 2));
      near(take(blur(taps, 2)(image())), expected.flat(), 1e-6);
    });

    test('keeps a constant image inside, and doubling is the transpose of halving', () => {
      const weights = rng.normal([1, 3, 2, 1]);
      const transpose = grad((x: Tensor) => sum(mul(halve(taps)(x), weights)))(image()); // halveᵀ weights
      near(take(mul(transpose, 4)), take(double(taps)(weights)), 1e-6);
      const flat = take(halve(taps)(tensor(new Array<number>(64).fill(2), [1, 8, 8, 1])));
      near([flat[5]!, flat[10]!], [2, 2], 1e-6);
    });
  });
}

test('channels do not mix', () => {
  const x = rng.normal([2, 4, 4, 3]);
  const only = tensor([0, 1, 0]);
  const both = take(mul(double([1, 3, 3, 1])(x), only));
  near(take(double([1, 3, 3, 1])(mul(x, only))), both, 1e-6);
  assert.ok(both.some(v => v !== 0));
});
