import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { slow } from '../../../support/slow.js';
import { type Client, startKernel } from '../client.js';

/** What code that is interrupted leaves behind: it ends as by an error, wherever that can be. */
describe('an interrupt', { timeout: 120_000, skip: slow('waits for loops and sleeps') }, () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
    await kernel.execute(`let log: string[] = []; let n = 0;
      const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));
      const forever = () => new Promise<void>(() => undefined);
      const each = async (what: string, ms: number) => {
        try { for (;;) { await sleep(ms); n++; } } finally { log.push(what); }
      };`);
  });
  after(() => kernel.close());

  const interrupted = async (code: string, settle = 200) => {
    await kernel.execute('log = []; n = 0;');
    const running = kernel.execute(code);
    await wait(settle);
    const asked = performance.now();
    await kernel.request('interrupt_request', {}, { channel: 'control' });
    const { reply, types } = await running;
    const took = performance.now() - asked;
    assert.equal(reply.content.ename, 'KeyboardInterrupt', JSON.stringify(reply.content));
    assert.equal(types.filter(type => type === 'error').length, 1);
    assert.ok(took < 1000, `ended ${took} ms later`);
  };
  const value = async (code: string) => (await kernel.execute(code)).result;

  it('is an error where code waits for ever, and runs finally blocks', async () => {
    await interrupted('try { await forever() } finally { log.push("first"); await sleep(5); log.push("last") }');
    assert.equal(await value('log'), "[ 'first', 'last' ]");
  });
  it('ends what the cell calls before the cell itself', async () => {
    await interrupted('try { await each("inner", 5) } finally { log.push("outer") }');
    assert.equal(await value('log'), "[ 'inner', 'outer' ]");
    assert.notEqual(await value('n'), '0');
  });
  it('is an error where a loop waits for the next value, and closes what gives them', async () => {
    const values =
      'async function* () { try { yield 1; yield 2; await sleep(1); await PENDING } finally { log.push("closed") } }';
    await interrupted(`try { for await (const v of (${values.replace('PENDING', 'forever()')})()) log.push(String(v)) }
      finally { log.push('done') }`);
    assert.equal(await value('log'), "[ '1', '2', 'done' ]");
    await interrupted(
      `for await (const v of (${values.replace('PENDING', '0')})()) { log.push(String(v)); await forever() }`,
    );
    assert.equal(await value('log'), "[ '1', 'closed' ]");
    const sums = await value(
      `let sum = 0; for await (const v of [1, sleep(1).then(() => 2), 3]) { if (v === 3) break; sum += v } sum`,
    );
    assert.equal(sums, '3');
  });
  it('disposes of what is used', async () => {
    await interrupted(`using held = { [Symbol.dispose]() { log.push('disposed') } };
      await using kept = { async [Symbol.asyncDispose]() { await sleep(1); log.push('disposed later') } };
      await forever();`);
    assert.equal(await value('log'), "[ 'disposed later', 'disposed' ]");
  });
  it('is an error of a loop that only ever awaits what is there already', async () => {
    await interrupted('try { for (;;) { await null; n++ } } finally { log.push("done") }');
    assert.equal(await value('log'), "[ 'done' ]");
  });
  it('is an error of input()', async () => {
    await interrupted('try { await input("?") } catch (error) { log.push((error as Error).name) }');
    assert.equal(await value('log'), "[ 'KeyboardInterrupt' ]");
  });
  it('leaves the loops of earlier cells alone', async () => {
    await kernel.execute('let ticks = 0; const loop = (async () => { for (;;) { await sleep(2); ticks++ } })();');
    for (const code of ['await forever()', 'await each("inner", 2)', 'for (;;);', 'for (;;) await sleep(1)']) {
      await interrupted(code);
      const before = Number(await value('ticks'));
      await wait(100);
      assert.ok(Number(await value('ticks')) > before, code);
    }
  });
  it('does not end a loop of an earlier cell that computes while the cell waits', async () => {
    await kernel.execute(`let rounds = 0; let on = true;
      void (async () => { while (on) { await sleep(1); const end = Date.now() + 150; while (Date.now() < end); rounds++ } })();`);
    await interrupted('await forever()');
    const before = Number(await value('rounds'));
    await wait(600);
    assert.ok(Number(await value('on = false; rounds')) > before);
  });
  it('ends a loop in a callback of a timer, and the process lives', async () => {
    await interrupted('await new Promise(() => setTimeout(() => { for (;;) n++ }, 1))');
    assert.notEqual(await value('n'), '0');
  });
  it('keeps the order of what awaits, and who called', async () => {
    const { stream } = await kernel.execute(`const order: string[] = [];
      const soon = Promise.resolve();
      void soon.then(() => order.push('a')).then(() => order.push('c'));
      await soon; order.push('b'); await sleep(5); console.log(order.join(''));`);
    assert.equal(stream('stdout'), 'abc\n');
    await kernel.execute('const fails = async () => { await sleep(1); throw new Error("deep") }');
    const { reply } = await kernel.execute('\nawait fails()');
    assert.match(String((reply.content.traceback as string[]).join('\n')), /at async cell \[\d+\]:2:1/);
  });
});

describe('an interrupt at any moment', { timeout: 120_000, skip: slow('interrupts many cells') }, () => {
  it('of a cell that is just ending loses neither its reply nor the next cell', async () => {
    const kernel = await startKernel();
    await kernel.execute(
      'let n = 0; const spin = (ms: number) => { const end = Date.now() + ms; while (Date.now() < end) n++; };',
    );
    for (let round = 0; round < 60; round++) {
      const cell = kernel.execute(`spin(${50 + (round % 30)}); Array.from({ length: 200 }, (_, i) => i)`);
      await wait(round % 3);
      await kernel.request('interrupt_request', {}, { channel: 'control' });
      const ended = await Promise.race([cell, wait(5000)]);
      assert.ok(ended, `the cell of round ${round} has ended`);
      const next = await Promise.race([kernel.execute('1 + 1'), wait(5000)]);
      assert.equal(next?.result, '2', `after round ${round}`);
    }
    await kernel.close();
  });
});
