import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedKernel } from '../shared.js';

describe('messages from the front end to a cell', () => {
  const { kernel, run } = sharedKernel();

  it('asks for input where the client allows it', async () => {
    const { result: answer } = await run('const who = await input("who? "); `hello ${who}`', {
      onInput: (prompt: string) => prompt.trim(),
    });
    assert.equal(answer, "'hello who?'");
    const { result: hidden } = await run('await input("key ", { password: true })', {
      onInput: (_: string, password: unknown) => `password: ${password}`,
    });
    assert.equal(hidden, "'password: true'");
    const { reply } = await run('await input("x")', { allow_stdin: false });
    assert.match(String(reply.content.evalue), /allow_stdin/);
  });

  it('opens, answers and closes comms, from both sides', async () => {
    await run(`const comms = Reflect.get(globalThis, Symbol.for('Jupyter.comms'));
      comms.register('echo', (comm: { onMessage: unknown; send(data: object): void }) => { comm.onMessage = (data: object) => comm.send({ back: data }) });`);
    await kernel().send('shell', 'comm_open', { comm_id: 'c1', target_name: 'echo', data: {} });
    await kernel().send('shell', 'comm_msg', { comm_id: 'c1', data: { n: 1 } });
    await run('await new Promise(r => setTimeout(r, 50))');
    const echoed = kernel().iopub.find(({ header }) => header.msg_type === 'comm_msg');
    assert.deepEqual(echoed?.content, { comm_id: 'c1', data: { back: { n: 1 } } });
    const { reply } = await kernel().request('comm_info_request', { target_name: 'echo' });
    assert.deepEqual(reply.content.comms, { c1: { target_name: 'echo' } });
    const opened = await run('comms.open("view", { x: 1 }, {}, [new Uint8Array([7])]).id.length');
    const message = opened.messages.find(({ header }) => header.msg_type === 'comm_open');
    assert.equal(message?.content.target_name, 'view');
    assert.deepEqual([...message!.buffers[0]!], [7]);
    await kernel().send('shell', 'comm_open', { comm_id: 'c9', target_name: 'unknown', data: {} });
    await run('await new Promise(r => setTimeout(r, 50))');
    assert.ok(
      kernel().iopub.some(({ header, content }) => header.msg_type === 'comm_close' && content.comm_id === 'c9'),
    );
  });

  it('tells a cell that the front end has closed its comm, and forgets the comm', async () => {
    await run(
      'let goodbye: unknown; const held = comms.open("view"); held.onClose = (data: object) => { goodbye = data }',
    );
    const { result: id } = await run('held.id');
    const comm_id = String(id).slice(1, -1);
    const known = async () => Object.keys((await kernel().request('comm_info_request', {})).reply.content.comms!);
    assert.ok((await known()).includes(comm_id));
    await kernel().send('shell', 'comm_close', { comm_id, data: { why: 'tab' } });
    assert.equal((await run('goodbye')).result, "{ why: 'tab' }");
    assert.ok(!(await known()).includes(comm_id));
  });
});
