import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { type Client, startKernel } from './client.js';

/** One kernel for all: a kernel that forgets, hangs or mixes up replies fails whatever comes next. */
describe('a session', () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.close());
  const run = (code: string, options = {}) => kernel.execute(code, options);
  const status = async (code: string) => (await run(code)).reply.content.status;
  const result = async (code: string) => (await run(code)).result;
  const errorOf = async (code: string) => String((await run(code)).reply.content.evalue);

  it('sends busy, execute_input, output, execute_result and idle in this order, with one count', async () => {
    const { types, messages, reply } = await run('console.log("out"); 6 * 7');
    assert.deepEqual(types, ['status', 'execute_input', 'stream', 'execute_result', 'status']);
    const count = reply.content.execution_count;
    assert.equal(messages[1]?.content.execution_count, count);
    assert.equal(messages[3]?.content.execution_count, count);
    assert.deepEqual(messages[3]?.content.data, { 'text/plain': '42' });
  });

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

  it('captures what child processes and native code write to the descriptors, before idle', async () => {
    const { stream } = await run(
      `import { execSync } from 'node:child_process'; import { writeSync } from 'node:fs';
       execSync('seq 1 5000; echo oops >&2', { stdio: 'inherit' }); writeSync(1, 'direct é\\n');`,
    );
    assert.equal(stream('stdout').split('\n').length, 5002);
    assert.ok(stream('stdout').endsWith('5000\ndirect é\n'));
    assert.equal(stream('stderr'), 'oops\n');
  });

  it('refuses a cell that does not type-check, strictly, and runs nothing of it', async () => {
    const { reply, types, stream } = await run('console.log("ran");\nconst text: string = 5;');
    assert.equal(reply.content.status, 'error');
    assert.match(String(reply.content.evalue), /^2:7 TS2322/);
    assert.deepEqual(types, ['status', 'execute_input', 'error', 'status']);
    assert.equal(stream('stdout'), '');
    assert.match(await errorOf('const f = x => x'), /TS7006/);
    assert.match(await errorOf('const first: number = [1][0]'), /TS2322/);
  });

  it('keeps types across cells: const, let, var, function, class, enum, interface, generics', async () => {
    await run(`const a = 1; let b: string | undefined; var c = [1]; function pair<T>(x: T) { return [x, x] as const }
      class Box<T> { constructor(readonly value: T) {} } enum Level { Low, High } interface Point { x: number }
      type Maybe<T> = T | null; namespace Deep { export const x = 3 }`);
    assert.equal(
      await result('b = "set"; const p: Point = { x: a }; [p.x, b, c[0], pair(a)[1]]'),
      "[ 1, 'set', 1, 1 ]",
    );
    assert.equal(
      await result('const m: Maybe<number> = new Box(5).value; [m, Level.High, Deep.x]'),
      '[ 5, 1, 3 ]',
    );
    assert.match(await errorOf('b = 5'), /TS2322/);
    assert.match(await errorOf('a = 2'), /TS2632|TS2588/);
    assert.match(await errorOf('const q: Point = { x: "1" }'), /TS2322/);
  });

  it('lets a name be declared again, as anything', async () => {
    for (const [code, expected] of [
      ['const again = 1; again', '1'],
      ['const again = "two"; again.length', '3'],
      ['function again() { return 3 }; again()', '3'],
      ['class again { x = 4 }; new again().x', '4'],
      ['let again = 5; again', '5'],
      ['var again = [6]; again[0]', '6'],
      ['enum again { Seven = 7 }; again.Seven', '7'],
      ['import again from "node:path"; again.sep', "'/'"],
    ] as const) {
      assert.equal(await result(code), expected, code);
    }
  });

  it('awaits at the top level in every form', async () => {
    assert.equal(await result('await (async () => 5)()'), '5');
    assert.equal(await result('const waiting = Promise.resolve(4); await (waiting)'), '4');
    assert.equal(
      await result('let sum = 0; for await (const x of [Promise.resolve(1), 2]) sum += x; sum'),
      '3',
    );
    assert.equal(await result('const { sep } = await import("node:path"); sep'), "'/'");
    assert.equal(
      await result(
        'async function* three() { yield 1; yield 2 } let n = 0; for await (const x of three()) n += x; n',
      ),
      '3',
    );
    assert.equal(await result('if (await Promise.resolve(true)) { var inside = await 8 } inside!'), '8');
  });

  it('runs every kind of JavaScript and TypeScript', async () => {
    assert.equal(await result('for (var i = 0; i < 3; i++) { var last = i } [i, last!]'), '[ 3, 2 ]');
    assert.equal(
      await result('const called = hoisted(); function hoisted(): number { return 1 }\ncalled'),
      '1',
    );
    assert.equal(await result('export const exported = 1; export default exported + 1'), '2');
    assert.equal(await result('"use strict"; (function (this: unknown) { return this })()'), undefined);
    assert.equal(
      await result(
        'const { x: { y = 2, ...rest }, z: [first] } = { x: { y: undefined, w: 3 }, z: [4] }; [y, rest, first]',
      ),
      '[ 2, { w: 3 }, 4 ]',
    );
    assert.equal(await result('import.meta.dirname === process.cwd()'), 'true');
    assert.equal(
      await result(
        'abstract class Shape { abstract area(): number; static #count = 1; static get count() { return Shape.#count } } Shape.count',
      ),
      '1',
    );
    assert.equal(await result('label: for (const a of [1, 2]) for (;;) continue label; "done"'), "'done'");
  });

  it('lets a name hide a global without harm to the modules that use the global', async () => {
    await run('const process = { now: 1 }; function fetch(): string { return "own" } class URL { x = 2 }');
    assert.equal(
      await result('const { now } = process; [now, fetch(), new URL().x, { process }.process.now]'),
      "[ 1, 'own', 2, 1 ]",
    );
    assert.equal(await result('[5].map(process => process)[0]'), '5');
    assert.equal(
      await result(
        'import { resolve } from "node:path"; import "jsdom"; resolve("/a", "b") + typeof globalThis.process.env',
      ),
      "'/a/bobject'",
    );
  });

  it('runs decorators and using, which Node 20 does not know', async () => {
    assert.equal(
      await result(`const seen: string[] = [];
      const log = <T>(value: T, context: DecoratorContext): T => (seen.push(String(context.name)), value);
      class Logged { @log method(): number { return 7 } }
      seen.join() + new Logged().method()`),
      "'method7'",
    );
    await run('const resource = () => ({ open: true, [Symbol.dispose]() { this.open = false } });');
    assert.equal(await result('using held = resource(); const inUse = held.open;\ninUse'), 'true');
    assert.equal(await result('held.open'), 'false');
  });

  it('keeps what a failing cell declared before it failed', async () => {
    assert.equal(
      await status('const early = 1; if (early) throw new Error("half way"); const late = 2;'),
      'error',
    );
    assert.equal(await result('early'), '1');
    assert.equal(await status('const late = 3'), 'ok');
  });

  it('places errors on the lines of the cell and of imported TypeScript', async () => {
    const { reply } = await run(
      'interface Unused {}\nfunction bad(x: number): never {\n  throw new RangeError(`no ${x}`);\n}\nbad(1);',
    );
    const { ename, evalue, traceback } = reply.content as {
      ename: string;
      evalue: string;
      traceback: string[];
    };
    const count = reply.content.execution_count;
    assert.equal(ename, 'RangeError');
    assert.equal(evalue, 'no 1');
    assert.ok(traceback.includes(`    at bad (cell [${count}]:3:9)`), traceback.join('\n'));
    assert.ok(traceback.includes(`    at cell [${count}]:5:1`), traceback.join('\n'));
    const { reply: imported } = await run(
      'import { parseConnection } from "./notebooks/kernel/connection.js"; parseConnection(1)',
    );
    assert.match(
      (imported.content.traceback as string[]).join('\n'),
      /notebooks\/kernel\/connection\.ts:\d+:\d+/,
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
    const { double, wrong } = reply.content.user_expressions as Record<
      string,
      { status: string; data?: object }
    >;
    assert.deepEqual(double?.data, { 'text/plain': '40' });
    assert.equal(wrong?.status, 'error');
  });

  it('asks for input where the client allows it', async () => {
    const { result: answer } = await run('const who = await input("who? "); `hello ${who}`', {
      onInput: (prompt: string) => prompt.trim(),
    });
    assert.equal(answer, "'hello who?'");
    const { reply } = await run('await input("x")', { allow_stdin: false });
    assert.match(String(reply.content.evalue), /allow_stdin/);
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
        [
          'update_display_data',
          { data: { 'text/plain': 'new' }, metadata: {}, transient: { display_id: 'd' } },
        ],
        ['clear_output', { wait: true }],
      ],
    );
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

  it('imports TypeScript of the project from the root, CommonJS packages and types', async () => {
    assert.equal(
      await result('import { encodeFrame } from "./notebooks/kernel/frames.js"; encodeFrame({}).length'),
      '10',
    );
    assert.equal(
      await result(
        'import type { Frame } from "./notebooks/kernel/frames.js"; const fr: Frame = { body: {}, buffers: [] }; fr.buffers.length',
      ),
      '0',
    );
    assert.equal(await result('import ndarray from "ndarray"; ndarray([1, 2, 3, 4], [2, 2]).get(1, 1)'), '4');
    assert.equal(
      await result(
        'import { type Stats, existsSync as there } from "node:fs"; const st: Stats | undefined = undefined; there(".")',
      ),
      'true',
    );
    assert.match(await errorOf('import { missing } from "./notebooks/kernel/frames.js"'), /^1:\d+ TS2305/);
    assert.match(await errorOf('import nothing from "no-such-package"'), /TS2307/);
    assert.equal(await result('encodeFrame({}).length'), '10');
  });

  it('completes members, names of earlier cells and globals, by code points', async () => {
    await run('const someTable = { rows: 1, columns: 2 }');
    const complete = async (code: string, cursor_pos = [...code].length) =>
      (await kernel.request('complete_request', { code, cursor_pos })).reply.content;
    assert.deepEqual((await complete('someTable.col')).matches, ['columns']);
    assert.deepEqual((await complete('const y = someTab')).matches, ['someTable']);
    assert.ok(((await complete('Arr')).matches as string[]).includes('Array'));
    const { matches, cursor_start, cursor_end } = await complete("'𝒳'; someTable.ro");
    assert.deepEqual([matches, cursor_start, cursor_end], [['rows'], 15, 17]);
  });

  it('inspects types and documentation, also inside a call', async () => {
    await run('/** Adds two. */ function addTwo(x: number): number { return x + 2 }');
    const inspect = async (code: string, cursor_pos: number) =>
      (await kernel.request('inspect_request', { code, cursor_pos, detail_level: 0 })).reply.content;
    const { found, data } = await inspect('addTwo(1)', 3);
    assert.equal(found, true);
    assert.match(
      (data as Record<string, string>)['text/plain']!,
      /addTwo: \(x: number\) => number\n\nAdds two\./,
    );
    assert.match(((await inspect('addTwo( ', 8)).data as Record<string, string>)['text/plain']!, /^addTwo/);
    assert.equal((await inspect('   ', 1)).found, false);
  });

  it('tells complete code from incomplete and invalid', async () => {
    const state = async (code: string) =>
      (await kernel.request('is_complete_request', { code })).reply.content.status;
    for (const code of ['1 + 1', 'if (true) {}', 'await x'])
      assert.equal(await state(code), 'complete', code);
    for (const code of ['if (true) {', 'f(', '`open', 'a +'])
      assert.equal(await state(code), 'incomplete', code);
    for (const code of ['let = = 3', ')', '"open']) assert.equal(await state(code), 'invalid', code);
  });

  it('opens, answers and closes comms, from both sides', async () => {
    await run(`const comms = Reflect.get(globalThis, Symbol.for('Jupyter.comms'));
      comms.register('echo', (comm: { onMessage: unknown; send(data: object): void }) => { comm.onMessage = (data: object) => comm.send({ back: data }) });`);
    await kernel.send('shell', 'comm_open', { comm_id: 'c1', target_name: 'echo', data: {} });
    await kernel.send('shell', 'comm_msg', { comm_id: 'c1', data: { n: 1 } });
    await run('await new Promise(r => setTimeout(r, 50))');
    const echoed = kernel.iopub.find(({ header }) => header.msg_type === 'comm_msg');
    assert.deepEqual(echoed?.content, { comm_id: 'c1', data: { back: { n: 1 } } });
    const { reply } = await kernel.request('comm_info_request', { target_name: 'echo' });
    assert.deepEqual(reply.content.comms, { c1: { target_name: 'echo' } });
    const opened = await run('comms.open("view", { x: 1 }, {}, [new Uint8Array([7])]).id.length');
    const message = opened.messages.find(({ header }) => header.msg_type === 'comm_open');
    assert.equal(message?.content.target_name, 'view');
    assert.deepEqual([...message!.buffers[0]!], [7]);
    await kernel.send('shell', 'comm_open', { comm_id: 'c9', target_name: 'unknown', data: {} });
    await run('await new Promise(r => setTimeout(r, 50))');
    assert.ok(
      kernel.iopub.some(
        ({ header, content }) => header.msg_type === 'comm_close' && content.comm_id === 'c9',
      ),
    );
  });

  it('answers on control, shell and heartbeat while a cell computes', async () => {
    const busy = run('const until = Date.now() + 700; while (Date.now() < until); "computed"');
    await new Promise(resolve => setTimeout(resolve, 150));
    let ended = false;
    void busy.then(() => {
      ended = true;
    });
    await kernel.beat();
    await kernel.request('kernel_info_request', {}, { channel: 'control' });
    await kernel.request('complete_request', { code: 'Math.', cursor_pos: 5 });
    await kernel.request('is_complete_request', { code: '1' });
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

  it('tells its true versions and its status', async () => {
    const { reply } = await kernel.request('kernel_info_request', {});
    const {
      status: state,
      protocol_version,
      language_info,
      implementation,
    } = reply.content as Record<string, unknown>;
    assert.deepEqual([state, protocol_version, implementation], ['ok', '5.4', 'tsnb']);
    const { version, file_extension } = language_info as Record<string, string>;
    assert.equal(version, createRequire(import.meta.url)('typescript/package.json').version);
    assert.equal(file_extension, '.ts');
  });
});
