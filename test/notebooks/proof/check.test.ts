import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  check,
  checkAtLeast,
  checkAtMost,
  checkFails,
  checkZero,
  FailedCheck,
} from '../../../notebooks/proof/check.js';

test('a claim that misses throws with measured, expected and tolerance', () => {
  assert.throws(() => check('mean', 1.25, 1, 0.1), new FailedCheck('✗ mean: 1.25, expected 1 ± 0.1'));
  assert.throws(() => checkAtMost('error', 2e-8, 1e-8), /✗ error: 2e-8, at most 1e-8/);
  assert.throws(() => checkAtLeast('order', 1.2, 1.9), FailedCheck);
});

test('NaN satisfies nothing', () => {
  assert.throws(() => check('a', Number.NaN, 0, 1), FailedCheck);
  assert.throws(() => checkAtMost('a', Number.NaN, 1), FailedCheck);
  assert.throws(() => checkAtLeast('a', Number.NaN, 1), FailedCheck);
});

test('an identity holds when the difference is 0 and in no other case', () => {
  const found = (simplified: string) => ({
    left: 'x',
    right: 'y',
    definitions: {},
    simplified,
    engines: ['Algebrite', 'nerdamer'],
  });
  checkZero('x = x', found('0'));
  assert.throws(() => checkZero('x = y', found('x-y')), new FailedCheck('✗ x = y: left − right = x-y'));
});

test('a control passes when its check fails, and fails when its check passes or breaks otherwise', () => {
  checkFails('two is one', () => check('two', 2, 1, 0.5));
  assert.throws(() => checkFails('one is one', () => check('one', 1, 1, 0)), FailedCheck);
  assert.throws(
    () =>
      checkFails('a bug', () => {
        throw new TypeError('bug');
      }),
    TypeError,
  );
});
