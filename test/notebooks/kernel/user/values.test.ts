import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedKernel } from '../shared.js';

describe('whatever a cell ends with', { timeout: 60_000 }, () => {
  const { run } = sharedKernel();

  it('a value is shown', async () => {
    await run('const { proxy, revoke } = Proxy.revocable({ a: 1 }, {}); revoke();');
    for (const [code, text] of [
      ['new Array(3)', '[ <3 empty items> ]'],
      ['[{ a: 1 }, , { a: 2 }]', '[ { a: 1 }, <1 empty item>, { a: 2 } ]'],
      ['proxy', '<Revoked Proxy>'],
      ['[proxy]', '[ <Revoked Proxy> ]'],
      ['{ a: 1, b: 2 }', '{ a: 1, b: 2 }'],
      ['\n {a: 1}', '{ a: 1 }'],
      ['{ a: [1, 2], ...{ b: 3 } } // so', '{ a: [ 1, 2 ], b: 3 }'],
      ['{}', '{}'],
      ['{ a: 1 };', undefined],
      ['{ let inner = 1; inner }', undefined],
    ] as const) {
      const { reply, result } = await run(code);
      assert.equal(reply.content.status, 'ok', `${code}: ${reply.content.evalue}`);
      assert.equal(result, text, code);
    }
  });

  it('an error ends the cell', async () => {
    await run('import vm from "node:vm"; class Odd extends Error { override get name(): string { throw 1 } }');
    for (const [code, ename, evalue] of [
      ['throw proxy', 'Thrown', '<Revoked Proxy>'],
      ['throw Object.defineProperty(new Error("a"), "stack", { get() { throw new Error("b") } })', 'Error', 'a'],
      ['throw Object.assign(new Error(), { message: Symbol("m") })', 'Error', 'Symbol(m)'],
      ['throw Object.assign(new Error(), { message: { toString() { throw 1 } } })', 'Error', ''],
      ['throw { get [Symbol.toStringTag]() { throw 1 } }', 'Thrown', 'a value that cannot be shown'],
      ['throw new Odd("odd")', 'Error', 'odd'],
      ['vm.runInNewContext("throw new TypeError(\'of another realm\')")', 'TypeError', 'of another realm'],
      ['await vm.runInNewContext("Promise.reject(new RangeError(\'later\'))")', 'RangeError', 'later'],
    ] as const) {
      const { reply } = await run(code);
      assert.deepEqual([reply.content.ename, reply.content.evalue], [ename, evalue], code);
    }
    assert.equal((await run('1 + 1')).result, '2');
  });

  it('what the types refuse is no SyntaxError', async () => {
    const { reply } = await run('const z: string | undefined = ["a"][1]; z.length');
    assert.deepEqual([reply.content.ename, /TS18048/.test(String(reply.content.evalue))], ['TypeScriptError', true]);
    assert.equal((await run('1 satisfies string')).reply.content.ename, 'TypeScriptError');
    for (const code of ['const = 5', '{ a: 1, b: }']) {
      assert.equal((await run(code)).reply.content.ename, 'SyntaxError', code);
    }
  });

  it('an error in an object literal, whether of types or thrown, is where the author sees it', async () => {
    const wrong = await run(' { a: nowhere,\n  b: 2 }');
    assert.match(String(wrong.reply.content.evalue), /^1:7 TS2304/);
    const thrown = await run('{ a: (() => { throw new Error("here") })(),\n  b: 2 }');
    assert.match(String(thrown.reply.content.traceback), /cell \[\d+\]:1:21/);
  });

  it('a traceback has the lines of earlier cells, and of the cell that led there', async () => {
    await run('const fails = (n: number) => {\n  if (n < 0) throw new RangeError("negative");\n};');
    const { reply } = await run('const n = 1;\nfails(-n)');
    const text = (reply.content.traceback as string[]).join('\n');
    assert.match(text, /^cell \[\d+\]\n1 \| const fails = .*\n2 \| {3}if \(n < 0\) throw/);
    assert.match(text, /\ncell \[\d+\]\n1 \| const n = 1;\n2 \| fails\(-n\)\n {2}\| \^\nRangeError: negative/);
  });

  it('console.trace says what it was given', async () => {
    assert.match((await run('console.trace("here", 1)')).stream('stderr'), /^Trace: here 1\n +at cell/);
  });
});
