import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedKernel } from '../shared.js';

describe('what cells find without an import', () => {
  const { kernel, run } = sharedKernel();
  const refused = async (code: string) => String((await run(code)).reply.content.evalue);

  it('has the value of the last cell, and of any by its number', async () => {
    const { reply } = await run('6 * 7');
    const count = Number(reply.content.execution_count);
    assert.equal((await run('_ + 1')).result, '43');
    await run('undefined');
    await run('const nothing = 1;');
    await run('7', { silent: true });
    assert.equal(
      (await run(`[_, Out[${count}], ${count + 1} in Out, Out[99999]]`)).result,
      '[ 43, 42, true, undefined ]',
    );
    assert.match(await refused('_ = 3'), /TS2588/);
    assert.match(await refused('Out.x'), /TS2339|TS7053/);
    const { reply: completed } = await kernel().request('complete_request', { code: '_.copyWit', cursor_pos: 9 });
    assert.deepEqual(completed.content.matches, ['copyWithin']);
  });

  it('keeps values for a thousand cells', { timeout: 120_000 }, async () => {
    const { reply } = await run('"first"');
    const count = Number(reply.content.execution_count);
    for (let i = 0; i < 1000; i++) await run('1');
    assert.equal((await run(`Out[${count}] === undefined && Out[${count + 1}]`)).result, '1');
  });

  it('shows with display() in the order of all output, and before the end of the cell', async () => {
    const slow =
      "({ [Symbol.for('Jupyter.display')]: () => new Promise(r => setTimeout(r, 50, { 'text/html': '<b>' })) })";
    const tensor = '{ shape: [1], dtype: "float32", data: async () => [7], dataSync: () => [7], isDisposed: false }';
    const { messages, types, reply } = await run(
      `console.log('a'); const tensor = ${tensor}; display([{ a: 1 }], tensor); tensor.isDisposed = true; console.log('b');
      display(${slow}, 'text'); void display(Promise.resolve(3)); 'value'`,
    );
    assert.equal(reply.content.status, 'ok', String(reply.content.evalue));
    const shown = (count: number) => new Array<string>(count).fill('display_data');
    const expected = [
      'status',
      'execute_input',
      'stream',
      ...shown(2),
      'stream',
      ...shown(3),
      'execute_result',
      'status',
    ];
    assert.deepEqual(types, expected);
    const data = messages.map(({ content }) => content.data as Record<string, string> | undefined).filter(each => each);
    assert.match(data[0]?.['text/html'] ?? '', /<table>/);
    assert.match(data[1]?.['text/plain'] ?? '', /\[7\]/);
    assert.deepEqual([data[2]?.['text/html'], data[3]?.['text/plain']], ['<b>', "'text'"]);
    assert.equal(data[4]?.['text/plain'], 'Promise { 3 }');
  });

  it('says no more where display() is the last expression, and fails with a value that fails', async () => {
    const { types } = await run('display(1)');
    assert.deepEqual(types, ['status', 'execute_input', 'display_data', 'status']);
    const failing = "({ [Symbol.for('Jupyter.display')]: async () => { throw new Error('not shown') } })";
    const { reply, types: failed } = await run(`display(${failing}); 1`);
    assert.equal(reply.content.evalue, 'not shown');
    assert.equal(failed.filter(type => type === 'error').length, 1);
  });

  it('does not wait for what an interrupted cell could not show', { timeout: 30_000 }, async () => {
    const never = "({ [Symbol.for('Jupyter.display')]: () => new Promise(() => undefined) })";
    const stuck = run(`display(${never});`);
    await new Promise(resolve => setTimeout(resolve, 300));
    await kernel().request('interrupt_request', {}, { channel: 'control' });
    assert.equal((await stuck).reply.content.ename, 'KeyboardInterrupt');
    assert.equal((await run('"free again"')).result, "'free again'");
  });

  it('times with time(), typed as what it runs', async () => {
    const { stream, result } = await run('const n: number = time(() => 41); n + await time(async () => 1)');
    assert.equal(result, '42');
    assert.match(
      stream('stdout'),
      /^(CPU times: user \S+ \S+, sys: \S+ \S+, total: \S+ \S+\nWall time: \S+ \S+\n){2}$/,
    );
    assert.match(await refused('const wrong: string = time(() => 41)'), /TS2322/);
  });

  it('gives way to names that cells declare', async () => {
    await run(
      'const display = 2; function time() { return "mine" } const [_, second] = [10, 20]; let Out = "o"; "value"',
    );
    assert.equal((await run('[display + 1, time(), _ + second, Out]')).result, "[ 3, 'mine', 30, 'o' ]");
    assert.match(await refused('display(1)'), /TS2349/);
    assert.equal((await run('import { display } from "tslab"; typeof display.html')).result, "'function'");
  });
});
