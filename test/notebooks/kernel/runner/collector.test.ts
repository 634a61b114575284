import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collector, overwritten } from '../../../../notebooks/kernel/runner/collector.js';

const stream = (text: string, name = 'stdout') => ({ type: 'stream', content: { name, text } });
const display = (text: string, display_id?: string) => ({
  type: 'display_data',
  content: { data: { 'text/plain': text }, metadata: {}, transient: { display_id } },
});

const after = (...messages: { type: string; content: Record<string, unknown> }[]) => {
  const collected = collector();
  for (const message of messages) collected.add(message);
  return collected.outputs;
};

test('pieces of one stream join; another stream between them keeps the order', () => {
  const texts = after(stream('a'), stream('b\n'), stream('!', 'stderr'), stream('c')).map(o => 'text' in o && o.text);
  assert.deepEqual(texts, ['ab\n', '!', 'c']);
});

test('a progress bar leaves its last state, also when it was sent in pieces', () => {
  assert.equal(overwritten('10%\r50%\r100%\ndone\r\n'), '100%\ndone\n');
  const [bar] = after(stream('step 1\rst'), stream('ep 2'));
  assert.ok(bar && 'text' in bar && bar.text === 'step 2');
});

test('clear_output removes at once, or waits for what replaces', () => {
  assert.deepEqual(after(stream('a'), { type: 'clear_output', content: { wait: false } }), []);
  const waiting = { type: 'clear_output', content: { wait: true } };
  assert.equal(after(stream('a'), waiting).length, 1);
  const [only, ...rest] = after(stream('a'), waiting, stream('b'));
  assert.ok(only && 'text' in only && only.text === 'b' && rest.length === 0);
});

test('an update replaces every display of that id and no other', () => {
  const collected = collector();
  for (const message of [display('old', 'd'), display('other', 'e'), display('old', 'd')]) collected.add(message);
  assert.ok(collected.update('d', { 'text/plain': 'new' }, {}));
  assert.ok(!collected.update('f', {}, {}));
  assert.deepEqual(
    collected.outputs.map(o => 'data' in o && o.data['text/plain']),
    ['new', 'other', 'new'],
  );
});

test('messages that are no output are left alone', () => {
  assert.equal(collector().add({ type: 'status', content: { execution_state: 'busy' } }), false);
});

test("a figure that is a cell's last value has the size of its layout, one that says so its own", () => {
  const data = { 'image/png': 'aGk=', 'application/vnd.plotly.v1+json': { layout: { width: 700, height: 420 } } };
  const size = (metadata: object) => after({ type: 'execute_result', content: { data, metadata } })[0];
  assert.deepEqual(size({}), {
    output_type: 'execute_result',
    data,
    metadata: { 'image/png': { width: 700, height: 420 } },
  });
  const own = { 'image/png': { width: 350 } };
  assert.deepEqual(size(own), { output_type: 'execute_result', data, metadata: own });
});
