import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LEFT_OUT_MIME, leftOut } from '../../../notebooks/cell/left-out.js';

const EMIT = Symbol.for('Jupyter.emit');

test('what is left out is told to whoever listens, with the reason', () => {
  const sent: Record<string, unknown>[] = [];
  Object.assign(globalThis, { [EMIT]: (_: string, { data }: { data: Record<string, unknown> }) => sent.push(data) });
  try {
    leftOut('photographs', 'the registry does not answer');
  } finally {
    Reflect.deleteProperty(globalThis, EMIT);
  }
  assert.deepEqual(sent, [
    {
      'text/plain': 'left out: photographs (the registry does not answer)',
      [LEFT_OUT_MIME]: { what: 'photographs', why: 'the registry does not answer' },
    },
  ]);
});
