import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedKernel } from '../shared.js';

describe('output', () => {
  const { run } = sharedKernel();

  it('keeps the order of stdout, stderr and displays', async () => {
    const { messages } = await run(
      'import { display } from "tslab"; console.log(1); console.error(2); display.text("3"); console.log(4)',
    );
    const shown = messages.slice(2, -1).map(({ content }) => content.text ?? content.data);
    assert.deepEqual(shown, ['1\n', '2\n', { 'text/plain': '3' }, '4\n']);
  });

  it('delivers 10,000 lines before idle, in few messages', async () => {
    const { stream, types } = await run('for (let i = 0; i < 10_000; i++) console.log(i)');
    assert.equal(stream('stdout'), Array.from({ length: 10_000 }, (_, i) => `${i}\n`).join(''));
    assert.ok(types.length < 1000, `${types.length} messages`);
  });

  it('delivers a flood whole: 20 MB in long lines', async () => {
    const { stream } = await run('for (let i = 0; i < 200; i++) console.log("x".repeat(100_000))');
    assert.equal(stream('stdout').length, 200 * 100_001);
  });

  it('delivers one line of 30 MB and a picture of 30 MB in seconds', async () => {
    const within = async (seconds: number, code: string) => {
      const began = performance.now();
      const { stream } = await run(code);
      const took = (performance.now() - began) / 1000;
      assert.ok(took < seconds, `${code} took ${took.toFixed(1)} s`);
      return stream('stdout').length;
    };
    assert.equal(await within(4, 'console.log("x".repeat(30e6))'), 30e6 + 1);
    await within(6, 'const picture = new Uint8Array(30e6); picture.set([0x89, 0x50, 0x4e, 0x47]); picture');
  });

  it('shows the last of a flood when its loop waits, and all of it when the process dies', async () => {
    const flood = 'for (let i = 0; i < 3000; i++) console.log("line");';
    const { messages } = await run(`${flood} await new Promise(resolve => setTimeout(resolve, 300)); 1`);
    const last = messages.findLast(({ header }) => header.msg_type === 'stream')!;
    const result = messages.find(({ header }) => header.msg_type === 'execute_result')!;
    assert.ok(Date.parse(result.header.date) - Date.parse(last.header.date) > 100);
    const { stream } = await run(`${flood} process.exit()`);
    assert.equal(stream('stdout'), 'line\n'.repeat(3000));
  });

  it('puts characters together whose bytes come apart, and reads what is written in another encoding', async () => {
    const bytes = 'const bytes = Buffer.from("é€😀");';
    for (const write of ['new Uint8Array([byte])', 'Buffer.from([byte])']) {
      const { stream } = await run(`${bytes} for (const byte of bytes) process.stdout.write(${write})`);
      assert.equal(stream('stdout'), 'é€😀');
    }
    const { stream } = await run('process.stdout.write("6869", "hex"); process.stdout.write("é", "utf-8")');
    assert.equal(stream('stdout'), 'hié');
    await run('process.stderr.write(new Uint8Array([0xc3]))');
    assert.equal((await run('process.stderr.write("next")')).stream('stderr'), 'next');
  });

  it('sends no half of a character, which no notebook could hold', async () => {
    const { stream } = await run('console.log("😀"[0], "😀", "\\\\ud83d")');
    assert.equal(stream('stdout'), '\ufffd 😀 \\ud83d\n');
  });

  it('captures what child processes and native code write to the descriptors, before idle', async () => {
    const { stream } = await run(
      `import { execSync } from 'node:child_process'; import { writeSync } from 'node:fs';
       execSync('seq 1 5000; echo oops >&2', { stdio: 'inherit' }); writeSync(1, 'direct é\\n');`,
    );
    assert.equal(stream('stdout').split('\n').length, 5002);
    assert.ok(stream('stdout').endsWith('5000\ndirect é\n'));
    assert.equal(stream('stderr'), 'oops\n');
  });

  it('gives what a child process writes to the cell that waited for it, every time', async () => {
    await run("import { execSync } from 'node:child_process'; const inherit = { stdio: 'inherit' } as const;");
    for (let cell = 0; cell < 50; cell++) {
      const { stream } = await run(`execSync('seq ${cell * 100} ${cell * 100 + cell}; echo ${cell} >&2', inherit)`);
      const expected = Array.from({ length: cell + 1 }, (_, i) => `${cell * 100 + i}\n`).join('');
      assert.deepEqual([stream('stdout'), stream('stderr')], [expected, `${cell}\n`]);
    }
  });

  it('ends a cell whose child process goes on writing', async () => {
    const { result } = await run(`import { spawn } from 'node:child_process';
      const yes = spawn('yes', { stdio: ['ignore', 'inherit', 'inherit'] });
      await new Promise(resolve => yes.once('spawn', resolve)); 'done'`);
    assert.equal(result, "'done'");
    await run("const ended = new Promise(resolve => yes.once('exit', resolve)); yes.kill(); await ended");
  });

  it('waits for no output of a descriptor that the cell has closed', async () => {
    const { result, stream } = await run(
      'import { closeSync } from "node:fs"; console.log("heard"); closeSync(1); closeSync(2); console.log("still"); 5',
    );
    assert.equal(result, '5');
    assert.equal(stream('stdout'), 'heard\nstill\n');
    await run('process.exit()');
  });

  it('sends displays, updates and clear_output through the public hook', async () => {
    const { messages } =
      await run(`const emit = Reflect.get(globalThis, Symbol.for('Jupyter.emit')) as (type: string, content: object) => void;
      emit('display_data', { data: { 'image/png': new Uint8Array([1, 2]), 'x/y': { z: 1 } }, transient: { display_id: 'd' } });
      emit('update_display_data', { data: { 'text/plain': 'new' }, transient: { display_id: 'd' } });
      emit('clear_output', { wait: true });`);
    assert.deepEqual(
      messages.slice(2, -1).map(({ header, content }) => [header.msg_type, content]),
      [
        [
          'display_data',
          { data: { 'image/png': 'AQI=', 'x/y': { z: 1 } }, metadata: {}, transient: { display_id: 'd' } },
        ],
        ['update_display_data', { data: { 'text/plain': 'new' }, metadata: {}, transient: { display_id: 'd' } }],
        ['clear_output', { wait: true }],
      ],
    );
  });

  it("sends the metadata of a value's own bundle along", async () => {
    const { messages } =
      await run(`const metadata = { 'image/png': { width: 2, height: 1 }, 'text/html': { isolated: true } };
      ({ metadata, [Symbol.for('Jupyter.display')]: () => ({ 'image/png': 'AQI=' }) })`);
    const result = messages.find(({ header }) => header.msg_type === 'execute_result');
    assert.deepEqual(result?.content.metadata, { 'image/png': { width: 2, height: 1 } });
  });

  it("keeps tslab's display API: every kind, and newDisplay that updates in place", async () => {
    const { messages } = await run(`import { display, newDisplay } from 'tslab';
      display.html('<i>h</i>'); display.markdown('**m**'); display.latex('x'); display.png(new Uint8Array([255]));
      const box = newDisplay(); box.text('one'); box.text('two');`);
    const shown = messages.slice(2, -1);
    assert.deepEqual(
      shown.map(({ header, content }) => [header.msg_type, Object.entries(content.data as object)[0]]),
      [
        ['display_data', ['text/html', '<i>h</i>']],
        ['display_data', ['text/markdown', '**m**']],
        ['display_data', ['text/latex', 'x']],
        ['display_data', ['image/png', '/w==']],
        ['display_data', ['text/plain', 'one']],
        ['update_display_data', ['text/plain', 'two']],
      ],
    );
  });
});
