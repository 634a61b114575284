import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nearest } from '../../../lib/metrics/index.js';
import { philox } from '../../../lib/rng/rng.js';

const whole = (rows: number[][]) => ({ n: rows.length, d: rows[0]!.length, values: rows.flat() });

test('the nearest point is the first with the least distance over all pairs', () => {
  const row = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 3, maxLength: 3 });
  const set = fc.array(row, { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(set, set, (queries, among) => {
      const found = nearest(whole(queries), whole(among));
      for (const [i, q] of queries.entries()) {
        const all = among.map(p => Math.hypot(...p.map((v, k) => v - q[k]!)));
        const least = Math.min(...all);
        assert.ok(Math.abs(found[i]!.distance - least) < 1e-12);
        assert.equal(
          found[i]!.index,
          all.findIndex(d => d < least + 1e-9),
        );
      }
    }),
  );
});

test('a copy is found where it stands, at distance 0', () => {
  const values = philox(1).normals(50 * 8);
  const copies = { n: 2, d: 8, values: [...values.slice(17 * 8, 18 * 8), ...values.slice(49 * 8)] };
  assert.deepEqual(nearest(copies, { n: 50, d: 8, values }), [
    { index: 17, distance: 0 },
    { index: 49, distance: 0 },
  ]);
});
