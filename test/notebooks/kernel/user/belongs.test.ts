import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { sharedKernel } from '../shared.js';

/** Ways of doing something later, each with a piece of code in it. */
const LATER = {
  'a timer': (code: string) => `setTimeout(() => { ${code} }, 150);`,
  'an interval': (code: string) => `{ const timer = setInterval(() => { clearInterval(timer); ${code} }, 150) }`,
  'a promise': (code: string) => `void new Promise(done => setTimeout(done, 150)).then(() => { ${code} });`,
  'an async function': (code: string) =>
    `void (async () => { await new Promise(r => setTimeout(r, 150)); ${code} })();`,
  'what a timer began': (code: string) =>
    `setTimeout(async () => { await null; setImmediate(() => process.nextTick(() => queueMicrotask(() => { ${code} }))) }, 150);`,
  'a promise of Node': (code: string) =>
    `const { setTimeout: sleep } = await import('node:timers/promises'); void sleep(150).then(() => { ${code} });`,
};

describe('what a cell does later', { timeout: 60_000 }, () => {
  const { kernel, run } = sharedKernel();
  /** What was said for a cell after its end. */
  const heard = (id: unknown, type: string) =>
    kernel().iopub.filter(({ header, parent_header }) => parent_header.msg_id === id && header.msg_type === type);

  for (const [name, later] of Object.entries(LATER)) {
    it(`says, shows and fails for that cell: ${name}`, async () => {
      const said = await run(later('console.log("of A"); display("shown by A");'));
      const failing = await run(later('throw new Error("late")'));
      assert.equal(failing.reply.content.status, 'ok');
      const other = await run('console.log("of B"); await new Promise(done => setTimeout(done, 400)); "B"');
      assert.deepEqual([other.reply.content.status, other.stream('stdout'), other.result], ['ok', 'of B\n', "'B'"]);
      assert.deepEqual(other.types, ['status', 'execute_input', 'stream', 'execute_result', 'status']);
      const [stream] = heard(said.reply.parent_header.msg_id, 'stream');
      const [shown] = heard(said.reply.parent_header.msg_id, 'display_data');
      const [error] = heard(failing.reply.parent_header.msg_id, 'error');
      assert.equal(stream?.content.text, 'of A\n');
      assert.ok(shown);
      assert.equal(error?.content.evalue, 'late');
    });
  }

  it('goes on when another cell is interrupted', async () => {
    const a = await run('let ticks = 0; setInterval(() => { ticks++ }, 10); void 0');
    assert.equal(a.reply.content.status, 'ok');
    const stuck = run('await new Promise(() => undefined)');
    await wait(200);
    await kernel().request('interrupt_request', {}, { channel: 'control' });
    assert.equal((await stuck).reply.content.ename, 'KeyboardInterrupt');
    const before = Number((await run('ticks')).result);
    await wait(100);
    assert.ok(Number((await run('ticks')).result) > before);
  });

  it('leaves timers as they are otherwise', async () => {
    const code = `const { promisify } = await import('node:util');
      [await promisify(setTimeout)(1, 'v'), setTimeout.name, typeof setInterval(() => 0, 1e6).unref().ref, await new Promise(r => setImmediate(r, 5))]`;
    assert.equal((await run(code)).result, "[ 'v', 'setTimeout', 'function', 5 ]");
  });
});
