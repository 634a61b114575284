import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSettings } from '../../../notebooks/proof/settings.js';

test('the environment chooses scale and seed, with defaults for both', () => {
  assert.deepEqual(readSettings({}), { full: false, seed: 0 });
  assert.deepEqual(readSettings({ SCALE: 'full', SEED: '12' }), { full: true, seed: 12 });
});

test('what cannot be meant is refused by name', () => {
  assert.throws(() => readSettings({ SCALE: 'fulll' }), /SCALE=fulll is not known; choose smoke or full/);
  for (const SEED of ['', 'x', '1.5', '-1'])
    assert.throws(() => readSettings({ SEED }), new RegExp(`SEED=${SEED} is no whole number`));
});
