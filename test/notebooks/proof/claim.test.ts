import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { FailedCheck } from '../../../notebooks/proof/check.js';
import { claim, type Statement } from '../../../notebooks/proof/claim.js';

const statement: Statement = { says: 'time can be reversed', source: 'Anderson 1982', strength: 'identity' };

/** What a function prints. */
const printed = (run: () => void): string[] => {
  const log = mock.method(console, 'log', () => undefined);
  try {
    run();
    return log.mock.calls.map(call => String(call.arguments[0]));
  } finally {
    log.mock.restore();
  }
};

test('what is claimed stands before its checks, and every line of them names it', () => {
  const lines = printed(() => {
    const R1 = claim('R1', statement);
    R1.check('drift', 1, 1, 0);
    R1.atMost('gap', 1, 2);
    R1.atLeast('order', 2, 1.9);
    R1.zero('difference', { left: 'x', right: 'x', definitions: {}, simplified: '0', engines: ['one', 'two'] });
    R1.fails('no score', () => R1.atMost('gap', 3, 2));
  });
  assert.deepEqual(lines, [
    'claim R1 (identity; Anderson 1982): time can be reversed',
    '✓ R1 · drift: 1, expected 1 ± 0',
    '✓ R1 · gap: 1, at most 2',
    '✓ R1 · order: 2, at least 1.9',
    '✓ R1 · difference: left − right = 0 (one, two)',
    '✓ wrong on purpose (R1 · no score) is caught: R1 · gap: 3, at most 2',
  ]);
});

test('a check that fails, and a wrong statement that passes, throw', () => {
  printed(() => {
    const R1 = claim('R1', statement);
    assert.throws(() => R1.check('drift', 2, 1, 0.5), new FailedCheck('✗ R1 · drift: 2, expected 1 ± 0.5'));
    assert.throws(() => R1.fails('no score', () => R1.atMost('gap', 1, 2)), FailedCheck);
  });
});

test('an id is letters and a number', () => {
  printed(() => assert.throws(() => claim('reverse', statement), /the id of a claim is “reverse”/));
});
