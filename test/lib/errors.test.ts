import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { finite, integer, monotone, positive, reject, sameShape, show, within } from '../../lib/errors.js';

test('every message names the quantity, the value found and the way out', () => {
  assert.throws(() => reject('beta', -3, 'give a rate above 0'), {
    name: 'RangeError',
    message: 'beta is -3: give a rate above 0',
  });
  assert.throws(() => finite('x', Number.NaN), /x is NaN: give a finite number/);
  assert.throws(() => positive('T', 0), /T is 0: give a finite number above 0/);
  assert.throws(() => integer('N', 2.5, 1, 9), /N is 2\.5: give an integer from 1 to 9/);
  assert.throws(() => within('t', 2, 0, 1, 'end sooner'), /t is 2: it has to lie in \[0, 1\]; end sooner/);
  assert.throws(() => sameShape('x', [2, 3], [-1, 4]), /the shape of x is \[2, 3\]: \[any, 4\] is expected/);
});

test('checks let through exactly what they promise, and return it', () => {
  fc.assert(
    fc.property(fc.double(), fc.double({ noNaN: true }), fc.double({ noNaN: true }), (v, a, b) => {
      const [lo, hi] = [Math.min(a, b), Math.max(a, b)];
      const passes = (check: () => number) => {
        try {
          return Object.is(check(), v);
        } catch {
          return false;
        }
      };
      assert.equal(
        passes(() => finite('v', v)),
        Number.isFinite(v),
      );
      assert.equal(
        passes(() => positive('v', v)),
        Number.isFinite(v) && v > 0,
      );
      assert.equal(
        passes(() => within('v', v, lo, hi)),
        v >= lo && v <= hi,
      );
    }),
  );
});

test('grids rise or fall strictly, and the first value that does not is named', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 20 }), values => {
      const up = [...values].sort((a, b) => a - b);
      assert.equal(monotone('grid', up, 1), up);
      assert.equal(monotone('grid', [...up].reverse(), -1).length, up.length);
      assert.throws(() => monotone('grid', up, -1), /grid\[1\] is/);
    }),
  );
  assert.throws(
    () => monotone('grid', [1, 2, 2], 1),
    /grid\[2\] is 2: values have to rise strictly, the one before is 2/,
  );
  assert.throws(() => monotone('grid', [0, Number.NaN], 1), /grid\[1\] is NaN/);
  assert.throws(() => monotone('grid', [0], 1), /grid is \[0\]: give at least two values/);
  assert.equal(show(Float32Array.from({ length: 9 }, (_, i) => i)), '[0, 1, 2, 3, 4, 5, … 9 values]');
});
