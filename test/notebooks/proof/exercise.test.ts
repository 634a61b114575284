import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { FailedCheck } from '../../../notebooks/proof/check.js';
import { type Exercise, exercise } from '../../../notebooks/proof/exercise.js';

const root: Exercise<number> = { hint: 'square it', off: x => Math.abs(x * x - 2), within: 1e-3 };

/** What an answer makes the exercise print. */
const told = (answer: number | undefined): string => {
  const log = mock.method(console, 'log', () => undefined);
  try {
    exercise('1', answer, root);
    return log.mock.calls.map(call => String(call.arguments[0])).join('\n');
  } finally {
    log.mock.restore();
  }
};

test('an exercise without an answer shows its hint and passes', () => {
  assert.equal(told(undefined), '○ exercise 1 is open: square it');
});

test('a right answer passes', () => {
  assert.match(told(Math.SQRT2), /^✓ exercise 1: off by \S+, at most 0\.001$/);
});

test('a wrong answer fails with how far off it is, and the hint', () => {
  assert.throws(() => told(1.5), new FailedCheck('✗ exercise 1: off by 0.25, at most 0.001. square it'));
  assert.throws(() => told(Number.NaN), FailedCheck);
});
