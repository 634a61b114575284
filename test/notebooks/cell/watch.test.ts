import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { Report } from '../../../lib/train/training.js';
import { watch } from '../../../notebooks/cell/watch.js';

const EMIT = Symbol.for('Jupyter.emit');
const globals = globalThis as { [name: symbol]: unknown };
afterEach(() => {
  delete globals[EMIT];
});

const reports = (count: number): Report[] =>
  Array.from({ length: count }, (_, i) => ({
    step: 10 * (i + 1),
    steps: 10 * count,
    losses: [1 / (i + 1)],
    loss: 1 / (i + 1),
    gradientNorm: 0.5,
    learningRate: 1e-3,
    perSecond: 7,
    secondsLeft: 95,
    bytes: 1000,
  }));

/** Goes through them, a second for each. */
const through = async (given: readonly Report[], stopAt = Number.POSITIVE_INFINITY) => {
  const drawn: { step: number; last: boolean }[] = [];
  const seen: number[] = [];
  let clock = 0;
  const draw = async ({ reports: until, last }: { reports: readonly Report[]; last: boolean }) => {
    drawn.push({ step: until.at(-1)!.step, last });
    clock += 500;
  };
  for await (const { step } of watch(given, { every: 2000, draw, now: () => clock })) {
    seen.push(step);
    clock += 1000;
    if (step === stopAt) break;
  }
  return { drawn, seen };
};

test('every report is handed on, and drawing takes a tenth of the time at most', async () => {
  const { drawn, seen } = await through(reports(12));
  assert.deepEqual(
    seen,
    reports(12).map(({ step }) => step),
  );
  // After 2 s; then, since a picture took half a second, 4.5 s after each.
  assert.deepEqual(drawn, [
    { step: 30, last: false },
    { step: 80, last: false },
    { step: 120, last: true },
  ]);
});

test('a loop that is left early ends with a picture of where it stood, and one that never began with none', async () => {
  assert.deepEqual((await through(reports(12), 20)).drawn, [{ step: 20, last: true }]);
  assert.deepEqual((await through([])).drawn, []);
});

test('in a notebook pictures replace each other, and the last says nothing of the pace', async () => {
  const sent: { type: string; content: { data: Record<string, unknown>; transient: { display_id: string } } }[] = [];
  globals[EMIT] = (type: string, content: (typeof sent)[0]['content']) => sent.push({ type, content });
  for await (const _ of watch(reports(2), { every: 0, now: () => 0 }));
  assert.deepEqual(
    sent.map(({ type }) => type),
    ['display_data', 'update_display_data', 'update_display_data'],
  );
  assert.equal(new Set(sent.map(({ content }) => content.transient.display_id)).size, 1);
  const titles = sent.map(({ content }) => String(content.data['text/plain']));
  assert.match(titles[0]!, /step 10 of 20: loss 1\.000, gradient 0\.500, 1:35 left, 7\/s/);
  assert.match(titles[2]!, /step 20 of 20: loss 0\.5000, gradient 0\.500”/);
  for (const { content } of sent) assert.equal(typeof content.data['image/png'], 'string');
});

test('where outputs cannot be replaced it prints lines', async t => {
  const said = t.mock.method(console, 'log', () => undefined);
  for await (const _ of watch(reports(1), { every: 0, now: () => 0 }));
  assert.deepEqual(
    said.mock.calls.map(({ arguments: [text] }) => text),
    ['step 10 of 10: loss 1.000, gradient 0.500, 1:35 left, 7/s', 'step 10 of 10: loss 1.000, gradient 0.500'],
  );
});
