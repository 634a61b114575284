import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Message } from '../../../../notebooks/kernel/jupyter/wire.js';
import { sharedKernel } from '../shared.js';

describe('the order of what the kernel says', () => {
  const { kernel, run } = sharedKernel();
  const of = (messages: readonly Message[], { header: { msg_id } }: Message) =>
    messages.filter(({ parent_header }) => parent_header.msg_id === msg_id);

  it('has the reply to a failing cell, and its idle, before what is said to those behind it', async () => {
    const before = { replies: kernel().replies.length, iopub: kernel().iopub.length };
    const failed = run('throw new Error("first")');
    await Promise.all([failed, run('"second"'), run('"third"')]);
    const replies = kernel().replies.slice(before.replies);
    assert.deepEqual(
      replies.map(({ content }) => content.status),
      ['error', 'aborted', 'aborted'],
    );
    const states = kernel()
      .iopub.slice(before.iopub)
      .filter(({ header }) => header.msg_type === 'status')
      .map(({ content }) => content.execution_state);
    assert.deepEqual(states, ['busy', 'idle', 'busy', 'idle', 'busy', 'idle']);
  });

  it('tells with a reply when its cell was begun', async () => {
    const from = Date.now();
    const { reply } = await run('await new Promise(r => setTimeout(r, 100))');
    const started = Date.parse(String(reply.metadata.started));
    assert.ok(started >= from && started <= Date.parse(reply.header.date) - 100, String(reply.metadata.started));
  });

  it("has a comm's messages, output and errors between its busy and its idle, in its own name", async () => {
    await run(`const comms = Reflect.get(globalThis, Symbol.for('Jupyter.comms'));
      type Heard = { onMessage: (data: { fail?: boolean }) => void; send(data: object): void };
      comms.register('slow', (comm: Heard) => {
        comm.onMessage = data => {
          for (const until = Date.now() + 100; Date.now() < until; );
          console.log('heard');
          comm.send({ done: true });
          if (data.fail) throw new Error('refused');
          void Promise.resolve().then(() => console.log('soon'));
        };
      })`);
    await kernel().send('shell', 'comm_open', { comm_id: 's1', target_name: 'slow', data: {} });
    const asked = await kernel().send('shell', 'comm_msg', { comm_id: 's1', data: {} });
    const failing = await kernel().send('shell', 'comm_msg', { comm_id: 's1', data: { fail: true } });
    const cell = await run('"still there"');
    assert.deepEqual(cell.types, ['status', 'execute_input', 'execute_result', 'status']);
    const said = (request: Message) =>
      of(kernel().iopub, request).map(
        ({ header, content }) => content.execution_state ?? content.text ?? content.evalue ?? header.msg_type,
      );
    assert.deepEqual(said(asked), ['busy', 'heard\n', 'comm_msg', 'soon\n', 'idle']);
    assert.deepEqual(said(failing), ['busy', 'heard\n', 'comm_msg', 'refused', 'idle']);
  });

  it('leaves the output of a cell to the cell, whatever a comm says in between', async () => {
    await run('comms.register("quick", () => undefined)');
    const { reply } = await run('const late = setTimeout(() => console.log("late"), 100)');
    await kernel().send('shell', 'comm_open', { comm_id: 'q1', target_name: 'quick', data: {} });
    await new Promise(resolve => setTimeout(resolve, 300));
    const found = kernel().iopub.find(({ content }) => content.text === 'late\n');
    assert.equal(found?.parent_header.msg_id, reply.parent_header.msg_id);
  });

  it('can interrupt a comm that never ends, and go on', { timeout: 30_000 }, async () => {
    await run('comms.register("endless", () => { for (;;); })');
    const opened = await kernel().send('shell', 'comm_open', { comm_id: 'e1', target_name: 'endless', data: {} });
    await new Promise(resolve => setTimeout(resolve, 200));
    await kernel().request('interrupt_request', {}, { channel: 'control' });
    assert.equal((await run('"free"')).result, "'free'");
    const names = of(kernel().iopub, opened).map(({ content }) => content.ename ?? content.execution_state);
    assert.deepEqual(names.slice(-2), ['KeyboardInterrupt', 'idle']);
  });
});
