import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { precisionRecall } from '../../../lib/metrics/index.js';
import { philox } from '../../../lib/rng/rng.js';

const whole = (rows: number[][]) => ({ n: rows.length, d: rows[0]!.length, values: rows.flat() });
const distance = (a: number[], b: number[]) => a.reduce((sum, v, k) => sum + (v - b[k]!) ** 2, 0);

/** The share of y within reach of x, word for word: whole numbers, so that a tie is one. */
const share = (x: number[][], y: number[][], k: number) => {
  const reach = x.map((p, i) => {
    const others = x.filter((_, j) => j !== i).map(other => distance(p, other));
    return others.sort((a, b) => a - b)[k - 1]!;
  });
  return y.filter(q => x.some((p, i) => distance(p, q) <= reach[i]!)).length / y.length;
};

test('precision and recall are what all pairs say', () => {
  const row = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 2, maxLength: 2 });
  const set = fc.array(row, { minLength: 5, maxLength: 15 });
  fc.assert(
    fc.property(set, set, fc.integer({ min: 1, max: 4 }), (x, y, k) => {
      const found = precisionRecall(whole(x), whole(y), k);
      assert.deepEqual(found, { precision: share(x, y, k), recall: share(y, x, k) });
    }),
  );
});

test('equal sets have both 1, sets far apart both 0, and one class of two has recall ½', () => {
  const draw = (seed: number, n: number, shift: (i: number) => number) => ({
    n,
    d: 2,
    values: Float64Array.from(philox(seed).normals(2 * n), (z, i) => z + shift(Math.floor(i / 2))),
  });
  const real = draw(1, 400, i => (i % 2) * 100);
  assert.deepEqual(precisionRecall(real, real), { precision: 1, recall: 1 });
  assert.deepEqual(
    precisionRecall(
      real,
      draw(2, 400, () => 50),
    ),
    { precision: 0, recall: 0 },
  );
  const half = precisionRecall(
    real,
    draw(3, 400, () => 0),
  );
  assert.ok(half.precision > 0.9, `${half.precision}`);
  assert.ok(half.recall > 0.45 && half.recall <= 0.5, `${half.recall}`);
});

test('k has to leave a neighbour to each point', () => {
  const three = whole([[0], [1], [2]]);
  assert.throws(() => precisionRecall(three, three, 3), /k is 3/);
});
