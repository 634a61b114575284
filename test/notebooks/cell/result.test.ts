import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agrees, RESULT_MIME, result, resultLine } from '../../../notebooks/cell/result.js';

const EMIT = Symbol.for('Jupyter.emit');

const declared = (declare: () => void): Record<string, unknown>[] => {
  const sent: Record<string, unknown>[] = [];
  const emit = (_type: string, { data }: { data: Record<string, unknown> }) => sent.push(data);
  Object.assign(globalThis, { [EMIT]: emit });
  try {
    declare();
  } finally {
    Reflect.deleteProperty(globalThis, EMIT);
  }
  return sent;
};

test('a value agrees up to its tolerance, not beyond it, and NaN never', () => {
  const one = (value: number) => agrees({ name: 'x', value, expected: 1, tolerance: 0.25 });
  assert.deepEqual([1, 0.75, 1.25, 1.2500001, Number.NaN].map(one), [true, true, true, false, false]);
  assert.ok(agrees({ name: 'x', value: 3 }));
  assert.ok(!agrees({ name: 'x', value: Number.NaN }));
});

test('a result is declared to whoever listens and given back', () => {
  const sent = declared(() => assert.equal(result('KL', 0.125, { expected: 0, tolerance: 0.2, unit: 'nats' }), 0.125));
  assert.deepEqual(sent[0]?.[RESULT_MIME], { name: 'KL', value: 0.125, expected: 0, tolerance: 0.2, unit: 'nats' });
  assert.equal(sent[0]?.['text/plain'], '✓ KL: 0.125 nats, expected 0 ± 0.2');
});

test('the line says which way it went', () => {
  assert.equal(
    resultLine({ name: 'order', value: 1.5, expected: 2, tolerance: 0.1 }),
    '✗ order: 1.5, expected 2 ± 0.1',
  );
  assert.equal(resultLine({ name: 'loss', value: 1 / 3 }), '✓ loss: 0.333333');
});

test('an expectation without a tolerance is refused by name', () => {
  assert.throws(() => result('KL', 1, { expected: 1 }), /“KL”: tolerance is undefined/);
});
