import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CENTRED, scaleOf } from '../../data/scale.js';

test('centred values are v/127.5 − 1 to the last bit, those of [0, 1] are v/255', () => {
  const centred = scaleOf(CENTRED);
  const unit = scaleOf([0, 1]);
  for (let v = 0; v < 256; v++) {
    assert.equal(centred[v], Math.fround(v / 127.5 - 1));
    assert.equal(unit[v], Math.fround(v / 255));
  }
});
