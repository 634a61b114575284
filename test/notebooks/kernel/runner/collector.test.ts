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

test('of a flood the beginning and the end are kept, with a word on what is left out, whatever its pieces', () => {
  const line = (i: number) => `line ${String(i).padStart(9, '0')}\n`;
  const all = Array.from({ length: 700_000 }, (_, i) => line(i)).join('');
  const begin = performance.now();
  const kept = [10_000_000, 65_536, 15, 1_000_003].map(size => {
    const collected = collector();
    for (let i = 0; i < all.length; i += size) collected.add(stream(all.slice(i, i + size)));
    return collected.outputs;
  });
  for (const outputs of kept) assert.deepEqual(outputs, kept[0]);
  const [output, ...rest] = kept[0]!;
  assert.ok(output && 'text' in output && rest.length === 0);
  const left = all.length - 2_000_000;
  const word = `\n… ${left.toLocaleString('en')} characters left out …\n`;
  assert.equal(output.text, all.slice(0, 1_000_000) + word + all.slice(-1_000_000));
  assert.ok(performance.now() - begin < 10_000, 'takes long');
});

test('a line of 100 MB and a million pieces of two streams take no time to speak of', () => {
  const begin = performance.now();
  const [long] = after(stream('x'.repeat(100e6)), stream('\n'));
  assert.ok(long && 'text' in long && long.text.length < 2_000_100);
  const collected = collector();
  for (let i = 0; i < 500_000; i++) {
    collected.add(stream(`out ${i}\n`));
    collected.add(stream(`err ${i}\n`, 'stderr'));
  }
  const texts = collected.outputs.map(o => ('text' in o ? o.text : ''));
  assert.deepEqual(
    [texts[0], texts[1], texts.at(-2), texts.at(-1)],
    ['out 0\n', 'err 0\n', 'out 499999\n', 'err 499999\n'],
  );
  assert.ok(texts.join('').length < 2_000_100);
  assert.ok(performance.now() - begin < 10_000, `${performance.now() - begin} ms`);
});

test('displays within a flood stay, and no character is cut', () => {
  const outputs = after(
    stream('a'),
    stream('😀'.repeat(2e6)),
    display('picture'),
    stream('😀'.repeat(2e6)),
    stream('z'),
  );
  assert.deepEqual(
    outputs.map(o => o.output_type),
    ['stream', 'display_data', 'stream'],
  );
  for (const o of outputs) assert.ok(!('text' in o) || Buffer.from(o.text).toString() === o.text);
  assert.match(JSON.stringify(outputs[0]).slice(-60), /characters left out …/);
});

test('a progress bar that is written for hours is still one line', () => {
  const collected = collector();
  collected.add(stream('begin\n'));
  for (let i = 0; i < 100_000; i++) collected.add(stream(`\rstep ${i} ${'='.repeat(60)}`));
  const bar = `begin\nstep 99999 ${'='.repeat(60)}`;
  assert.deepEqual(collected.outputs, [{ output_type: 'stream', name: 'stdout', text: bar }]);
});
