import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { encode, header, type Message, signer } from '../../../../notebooks/kernel/jupyter/wire.js';
import { slow } from '../../../support/slow.js';
import { type Client, startKernel } from '../client.js';

const wait = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('interrupt_request', { timeout: 120_000, skip: slow('waits for loops and sleeps') }, () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
    await kernel.execute(`let kept = 'kept'; let n = 0;
      const sleep = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));`);
  });
  after(() => kernel.close());

  const stops = async (code: string, settle = 300) => {
    const running = kernel.execute(code);
    await wait(settle);
    const asked = performance.now();
    const { reply } = await kernel.request('interrupt_request', {}, { channel: 'control' });
    assert.equal(reply.content.status, 'ok');
    const ended = await running;
    assert.ok(performance.now() - asked < 1000, `ended ${performance.now() - asked} ms later`);
    assert.equal(
      ended.reply.content.ename,
      'KeyboardInterrupt',
      JSON.stringify([ended.reply.content, ended.stream('stderr')]),
    );
    assert.ok(ended.types.includes('error'));
    const before = (await kernel.execute('n')).result;
    await wait(100);
    assert.equal((await kernel.execute('n')).result, before, 'the code goes on after the interrupt');
    assert.notEqual(before, '0');
    assert.equal((await kernel.execute('kept')).result, "'kept'");
  };

  it('stops a synchronous loop', () => stops('for (;;) n++'));
  it('stops a synchronous loop after an await', () => stops('await sleep(5); for (;;) n++'));
  it('stops a loop of awaits', () => stops('for (;;) { await sleep(2); n++ }'));
  it('stops a loop that never leaves the microtask queue', () => stops('for (;;) { await null; n++ }'));
  it('stops an asynchronous loop inside a library, which knows nothing of the kernel', async () => {
    await kernel.execute(`import { setInterval as every } from 'node:timers/promises';
      const forever = new Function('tick', 'sleep', 'return (async () => { for (;;) { await sleep(2); tick(); } })()');`);
    await stops('await forever(() => n++, sleep)');
  });
  it('stops training: tfjs fits a model', async () => {
    await kernel.execute(`import * as tf from '@tensorflow/tfjs';
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [8] })] });
      model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
      const data = tf.zeros([64, 8]);`);
    await stops('await model.fit(data, data, { epochs: 1e9, callbacks: { onEpochEnd: () => void n++ } })', 1000);
  });
  it('stops a wait that would never end', async () => {
    await stops('await new Promise(() => {})');
    await stops('await input("nobody answers")', 100);
  });
  it('stops a flood of output', () => stops('for (;;) { console.log("flood"); n++ }'));
  it('stops a wait for a child process', async () => {
    await kernel.execute('import { execSync } from "node:child_process"');
    await stops('execSync("sleep 30", { stdio: "ignore" })');
  });
  it('runs finally blocks of awaiting code, and leaves timers alone', async () => {
    await kernel.execute('let cleaned = false; let ticks = 0; const timer = setInterval(() => ticks++, 5)');
    const running = kernel.execute('try { await sleep(500) } finally { cleaned = true }');
    await wait(100);
    await kernel.request('interrupt_request', {}, { channel: 'control' });
    await running;
    const atOnce = Number((await kernel.execute('ticks')).result);
    const later = async () => (await kernel.execute(`[cleaned, ticks > ${atOnce}]`)).result;
    for (let i = 0; i < 100 && (await later()) !== '[ true, true ]'; i++) await wait(50);
    assert.equal(await later(), '[ true, true ]');
    await kernel.execute('clearInterval(timer)');
  });
  it('does nothing to a kernel at rest, and may be repeated', async () => {
    for (let i = 0; i < 3; i++) await kernel.request('interrupt_request', {}, { channel: 'control' });
    assert.equal((await kernel.execute('1 + 1')).result, '2');
    const running = kernel.execute('for (;;) n++');
    await wait(200);
    for (let i = 0; i < 3; i++) void kernel.send('control', 'interrupt_request', {});
    assert.equal((await running).reply.content.ename, 'KeyboardInterrupt');
    assert.equal((await kernel.execute('2 + 2')).result, '4');
  });
  it('ends the cell and nothing else, however often it comes at once', async () => {
    const codes = [
      'for (;;) n++',
      'await null; for (;;) n++',
      'for (;;) { await null; n++ }',
      'for (;;) console.log(n++)',
    ];
    for (const delay of [0, 5, 50, 200]) {
      for (const code of codes) {
        const running = kernel.execute(code);
        await wait(delay);
        for (let i = 0; i < 3; i++) void kernel.send('control', 'interrupt_request', {});
        assert.equal((await running).reply.content.ename, 'KeyboardInterrupt', `${code} after ${delay} ms`);
        assert.equal((await kernel.execute('kept')).result, "'kept'", `${code} after ${delay} ms`);
      }
    }
  });
  for (const [kind, code] of [
    ['a synchronous loop', 'for (;;) n++'],
    ['an asynchronous loop', 'for (;;) { await sleep(1); n++ }'],
  ] as const) {
    it(`stops ${kind} whenever it comes, also before the cell begins`, async () => {
      for (const delay of [0, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500]) {
        const running = kernel.execute(code);
        if (delay > 0) await wait(delay);
        const asked = performance.now();
        await kernel.request('interrupt_request', {}, { channel: 'control' });
        const { reply, types } = await running;
        const took = performance.now() - asked;
        assert.equal(reply.content.ename, 'KeyboardInterrupt', `after ${delay} ms`);
        assert.equal(types.filter(type => type === 'error').length, 1, `after ${delay} ms`);
        assert.ok(took < 1000, `after ${delay} ms: ended ${took} ms later`);
        assert.equal((await kernel.execute('kept')).result, "'kept'", `after ${delay} ms`);
      }
    });
  }
  it('stops the first cell of a kernel, whose process is still starting', async () => {
    const young = await startKernel();
    try {
      const running = young.execute('for (;;);');
      await young.request('interrupt_request', {}, { channel: 'control' });
      assert.equal((await running).reply.content.ename, 'KeyboardInterrupt');
      assert.equal((await young.execute('1 + 1')).result, '2');
    } finally {
      await young.close();
    }
  });
  it('stops the cell that it has overtaken, and not one that was sent later', async () => {
    const signing = signer(kernel.info.key);
    const message = (type: string, content = {}): Message => {
      const plain = { identities: [], parent_header: {}, metadata: {}, buffers: [] };
      return { ...plain, header: header(type, 'overtaken'), content };
    };
    const cell = message('execute_request', { code: 'for (;;) n++' });
    await wait(2); // By their dates, to the millisecond, the cell was sent first.
    await kernel.raw('control', encode(message('interrupt_request'), signing));
    await wait(3);
    await kernel.raw('shell', encode(cell, signing));
    const ofCell = ({ header: { msg_type }, parent_header: { msg_id } }: Message) =>
      msg_type === 'error' && msg_id === cell.header.msg_id;
    for (let i = 0; i < 100 && !kernel.iopub.some(ofCell); i++) await wait(10);
    assert.equal(kernel.iopub.find(ofCell)?.content.ename, 'KeyboardInterrupt');

    void kernel.send('control', 'interrupt_request', {});
    await wait(3);
    assert.equal((await kernel.execute('await sleep(100); 1 + 1')).result, '2');
  });
  it('takes SIGINT as well', async () => {
    const running = kernel.execute('for (;;) n++');
    await wait(200);
    process.kill(kernel.pid, 'SIGINT');
    assert.equal((await running).reply.content.ename, 'KeyboardInterrupt');
  });
});
