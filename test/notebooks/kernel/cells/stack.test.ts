import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stackOption } from '../../../../notebooks/kernel/cells/stack.js';

test("the stack of the user process is the system's, less what native code needs", () => {
  const row = (soft: string) =>
    `Limit  Soft Limit  Hard Limit  Units\nMax stack size            ${soft}    unlimited   bytes`;
  assert.deepEqual(stackOption(row('8388608')), ['--stack-size=6656']);
  assert.deepEqual(stackOption(row('unlimited')), ['--stack-size=64000']);
  assert.deepEqual(stackOption(row('1048576')), []);
  assert.deepEqual(stackOption(''), []);
});
