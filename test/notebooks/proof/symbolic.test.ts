import assert from 'node:assert/strict';
import { test } from 'node:test';
import { difference } from '../../../notebooks/proof/symbolic.js';

test('identities come out as 0 by both engines, and others do not', () => {
  const found = difference('d(sin(x)^2,x)', '2*sin(x)*cos(x)');
  assert.equal(found.simplified, '0');
  assert.deepEqual(found.engines, ['Algebrite', 'nerdamer']);
  assert.notEqual(difference('d(x^3,x)', 'x^2').simplified, '0');
});

test('definitions hold for one question only', () => {
  assert.equal(difference('y', 'x^2', { y: 'x^2' }).simplified, '0');
  assert.notEqual(difference('y', 'x^2').simplified, '0');
});

test('what one engine calls 0 and the other one does not is an error, not a proof', () => {
  // Algebrite takes the derivative of log through a root; nerdamer gets it wrong.
  assert.throws(() => difference('d(log((a^2*(1+v))^(-1/2)),a)*a', '-1'), /the engines disagree/);
});

test('what cannot be read is an error, not a proof', () => {
  assert.throws(() => difference('(', '0'), /Stop/);
});
