import assert from 'node:assert/strict';
import { test } from 'node:test';
import { difference } from '../../../notebooks/proof/symbolic.js';

test('identities come out as 0 and others do not', () => {
  assert.equal(difference('d(sin(x)^2,x)', '2*sin(x)*cos(x)'), '0');
  assert.notEqual(difference('d(x^3,x)', 'x^2'), '0');
});

test('definitions hold for one question only', () => {
  assert.equal(difference('y', 'x^2', { y: 'x^2' }), '0');
  assert.notEqual(difference('y', 'x^2'), '0');
});

test('what cannot be read is an error, not a proof', () => {
  assert.throws(() => difference('(', '0'), /Stop/);
});
