import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedKernel } from '../shared.js';

describe('execute_request', () => {
  const { kernel, run } = sharedKernel();
  const result = async (code: string) => (await run(code)).result;

  it('sends busy, execute_input, output, execute_result and idle in this order, with one count', async () => {
    const { types, messages, reply } = await run('console.log("out"); 6 * 7');
    assert.deepEqual(types, ['status', 'execute_input', 'stream', 'execute_result', 'status']);
    const count = reply.content.execution_count;
    assert.equal(messages[1]?.content.execution_count, count);
    assert.equal(messages[3]?.content.execution_count, count);
    assert.deepEqual(messages[3]?.content.data, { 'text/plain': '42' });
  });

  it('places errors on the lines of the cell and of imported TypeScript', async () => {
    const { reply } = await run(
      'interface Unused {}\nfunction bad(x: number): never {\n  throw new RangeError(`no ${x}`);\n}\nbad(1);',
    );
    const { ename, evalue, traceback } = reply.content as { ename: string; evalue: string; traceback: string[] };
    const count = reply.content.execution_count;
    assert.equal(ename, 'RangeError');
    assert.equal(evalue, 'no 1');
    assert.ok(traceback.includes(`    at bad (cell [${count}]:3:9)`), traceback.join('\n'));
    assert.ok(traceback.includes(`    at cell [${count}]:5:1`), traceback.join('\n'));
    const { reply: imported } = await run(
      'import { parseConnection } from "./notebooks/kernel/jupyter/connection.js"; parseConnection(1)',
    );
    assert.match(
      (imported.content.traceback as string[]).join('\n'),
      /notebooks\/kernel\/jupyter\/connection\.ts:\d+:\d+/,
    );
  });

  it('reports whatever is thrown', async () => {
    assert.equal((await run('throw "text"')).reply.content.evalue, "'text'");
    assert.equal((await run('throw undefined')).reply.content.status, 'error');
    assert.equal((await run('throw { a: 1n }')).reply.content.evalue, '{ a: 1n }');
    assert.equal((await run('throw NaN')).reply.content.evalue, 'NaN');
  });

  it('reports rejections and timers that nobody catches as errors of the cell', async () => {
    const { reply, types } = await run('Promise.reject(new TypeError("lost")); 1');
    assert.equal(reply.content.status, 'error');
    assert.equal(reply.content.ename, 'TypeError');
    assert.ok(types.includes('error'));
    const timer = await run(
      'setTimeout(() => { throw new Error("late") }, 1); await new Promise(r => setTimeout(r, 30))',
    );
    assert.equal(timer.reply.content.evalue, 'late');
    assert.equal(await result('1 + 1'), '2');
  });

  it('shows the last expression only, and nothing for undefined', async () => {
    assert.equal(await result('1; 2;'), '2');
    assert.equal(await result('undefined'), undefined);
    assert.equal(await result('const nothing = 1'), undefined);
    assert.equal(await result('// nothing at all'), undefined);
    assert.equal(await result(''), undefined);
  });

  it('is silent when asked, and counts only what it stores', async () => {
    const { reply: before } = await run('0');
    const quiet = await run('console.log("heard"); 5', { silent: true, store_history: true });
    assert.deepEqual(quiet.types, ['status', 'stream', 'status']);
    const unstored = await run('6', { store_history: false });
    assert.equal(unstored.reply.content.execution_count, before.content.execution_count);
    const { reply: next } = await run('0');
    assert.equal(next.content.execution_count, Number(before.content.execution_count) + 1);
  });

  it('evaluates user_expressions after the cell', async () => {
    const { reply } = await run('const u = 20', { user_expressions: { double: '2 * u', wrong: 'nope' } });
    const { double, wrong } = reply.content.user_expressions as Record<string, { status: string; data?: object }>;
    assert.deepEqual(double?.data, { 'text/plain': '40' });
    assert.equal(wrong?.status, 'error');
  });

  it('answers on control, shell and heartbeat while a cell computes', async () => {
    const busy = run('const until = Date.now() + 700; while (Date.now() < until); "computed"');
    await new Promise(resolve => setTimeout(resolve, 150));
    let ended = false;
    void busy.then(() => {
      ended = true;
    });
    await kernel().beat();
    await kernel().request('kernel_info_request', {}, { channel: 'control' });
    await kernel().request('complete_request', { code: 'Math.', cursor_pos: 5 });
    await kernel().request('is_complete_request', { code: '1' });
    assert.equal(ended, false);
    assert.equal((await busy).result, "'computed'");
  });

  it('aborts queued cells after an error, and does not where stop_on_error is false', async () => {
    const failed = run('throw new Error("first")');
    const queued = [run('"second"'), run('"third"')];
    await failed;
    for (const { reply } of await Promise.all(queued)) assert.equal(reply.content.status, 'aborted');
    const tolerated = run('throw new Error("expected")', { stop_on_error: false });
    const after = run('"runs"');
    assert.equal((await tolerated).reply.content.status, 'error');
    assert.equal((await after).result, "'runs'");
    assert.equal(await result('"and later cells run"'), "'and later cells run'");
  });
});
