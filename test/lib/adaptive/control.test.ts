import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkTolerance, control, fitStep, moving, startRows } from '../../../lib/adaptive/control.js';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

test('a fitted step goes the way of the end, never past it, and leaves no sliver', () => {
  fc.assert(
    fc.property(number(-1, 1), number(1e-6, 3), number(-1, 1), (t, size, end) => {
      fc.pre(Math.abs(end - t) > 1e-9);
      const h = fitStep(t, Math.sign(end - t) * size, end);
      const left = end - t;
      assert.ok(h * left > 0 && Math.abs(h) <= Math.abs(left));
      assert.ok(h === left || Math.abs(left - h) >= 0.099 * Math.abs(left));
    }),
  );
});

test('rows are accepted one by one, steps follow the errors, and all arrive at the end exactly', () => {
  fc.assert(
    fc.property(fc.array(number(0.01, 30), { minLength: 1, maxLength: 5 }), scales => {
      // The error of row i is (h / scale)⁵, as of a method of order 5 on a smooth problem.
      const rows = startRows(scales.length, 1);
      rows.h.fill(-0.5);
      for (let count = 0; moving(rows, count, 10_000); count++) {
        control(
          rows,
          scales.map((s, i) => (Math.abs(rows.h[i]!) * s) ** 5),
          0,
          5,
        );
      }
      assert.ok(rows.t.every(t => t === 0));
      for (const [i, s] of scales.entries()) {
        // No step is longer than 1/scale, and none but the first and the last two much shorter than .9/scale.
        assert.ok(rows.accepted[i]! >= s - 1e-9 && rows.accepted[i]! <= s / 0.85 + 4, `${rows.accepted[i]} for ${s}`);
      }
    }),
  );
});

test('errors name the row, the time and the way out', () => {
  const rows = startRows(3, 0.7);
  rows.h.fill(-0.1);
  assert.throws(() => control(rows, [0.5, Number.NaN, 1], 0, 5), /error of row 1 at t = 0.7 is NaN/);
  assert.throws(() => moving(startRowsAt(0.5), 10, 10), /row 0 has not arrived/);
  assert.throws(() => checkTolerance({ rtol: 1e-8, atol: 1 }), /rtol is 1e-8.*float32/);
});

const startRowsAt = (t: number) => {
  const rows = startRows(1, t);
  rows.h.fill(-0.1);
  return rows;
};
