import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { sharedKernel } from '../shared.js';

describe('questions about code and the kernel', () => {
  const { kernel, run } = sharedKernel();

  it('completes members, names of earlier cells and globals, by code points', async () => {
    await run('const someTable = { rows: 1, columns: 2 }');
    const complete = async (code: string, cursor_pos = [...code].length) =>
      (await kernel().request('complete_request', { code, cursor_pos })).reply.content;
    assert.deepEqual((await complete('someTable.col')).matches, ['columns']);
    assert.deepEqual((await complete('const y = someTab')).matches, ['someTable']);
    const globals = (await complete('Arr')).matches as string[];
    assert.deepEqual(globals.slice(0, 2), ['Array', 'ArrayBuffer']);
    assert.deepEqual(globals, [...globals].sort());
    const { matches, cursor_start, cursor_end } = await complete("'𝒳'; someTable.ro");
    assert.deepEqual([matches, cursor_start, cursor_end], [['rows'], 15, 17]);
  });

  it('completes modules, files in imports and paths in strings', async () => {
    const complete = async (code: string, cursor_pos = code.length) => {
      const { reply } = await kernel().request('complete_request', { code, cursor_pos });
      const { matches, cursor_start, cursor_end } = reply.content as { matches: string[] } & Record<string, number>;
      return matches.map(match => code.slice(0, cursor_start) + match + code.slice(cursor_end));
    };
    assert.ok((await complete("import fs from 'node:f")).includes("import fs from 'node:fs"));
    assert.ok((await complete("import fs from 'node:")).includes("import fs from 'node:fs"));
    assert.ok(
      (await complete("import * as tf from '@tensorflow/tf")).includes("import * as tf from '@tensorflow/tfjs-core"),
    );
    assert.deepEqual(await complete("import { vp } from './lib/ind"), ["import { vp } from './lib/index.js"]);
    assert.deepEqual(await complete("await import('./notebooks/kernel/jup"), [
      "await import('./notebooks/kernel/jupyter/",
    ]);
    assert.deepEqual(await complete("const text = read('package.js"), ["const text = read('package.json"]);
    assert.deepEqual(await complete('read(`test/supp'), ['read(`test/support/']);
    assert.deepEqual(await complete("f('it\\'s', 'test/supp"), ["f('it\\'s', 'test/support/"]);
    await run("const choose = (how: 'fast' | 'well-done') => how");
    assert.deepEqual(await complete("choose('well-"), ["choose('well-done"]);
    assert.ok((await complete("// don't \nArra")).includes("// don't \nArray"));
  });

  it('completes the names of a block that is not closed, before those of others', async () => {
    const complete = async (code: string) =>
      (await kernel().request('complete_request', { code, cursor_pos: code.length })).reply.content.matches as string[];
    assert.equal((await complete('function f(alpha: number) {\n  const beta = [alpha];\n  return alp'))[0], 'alpha');
    assert.equal((await complete('for (const item of [1]) { const text = "}"; console.log(ite'))[0], 'item');
    assert.equal((await complete('const Arrow = 1; if (Arrow) { Arr'))[0], 'Arrow');
  });

  it('completes values of which TypeScript knows nothing, and runs no code of theirs', async () => {
    const complete = async (code: string) =>
      (await kernel().request('complete_request', { code, cursor_pos: code.length })).reply.content;
    await run(`const parsed = JSON.parse('{"alpha": {"beta": [{"gamma": 1}], "be": 2, "x-y": 3}, "text": "t"}');
      const process: any = { mine: 1 };
      let asked = 0;
      const hostile: any = {
        get getter() { asked++; return { inner: 1 } },
        proxy: new Proxy({ hidden: 1 }, { ownKeys() { asked++; return [] }, getOwnPropertyDescriptor() { asked++; return undefined } }),
        many: new Array(10_000_000).fill(0),
      };
      const call: any = () => { asked++; return { inner: 1 } };
      const unsure: unknown = { known: 1 };`);
    assert.ok(((await complete('parsed.')).matches as string[]).includes('alpha'));
    const { matches, cursor_start } = await complete('1 + parsed.alpha.be');
    assert.deepEqual([matches, cursor_start], [['beta', 'be'], 17]);
    assert.deepEqual((await complete('f(...parsed.alpha?.["beta"][0].g')).matches, ['gamma']);
    assert.deepEqual((await complete('parsed.text.toUpper')).matches, ['toUpperCase']);
    assert.deepEqual((await complete('process.mi')).matches, ['mine']);
    assert.deepEqual((await complete('hostile.get')).matches, ['getter']);
    assert.deepEqual((await complete('hostile.many.len')).matches, ['length']);
    const nothing = ['hostile.getter.in', 'hostile.proxy.hid', 'call().in', 'unsure.kno', 'f().parsed.al', 'nowhere.a'];
    nothing.push('(parsed: any) => parsed.al', 'const parsed: any = 1; parsed.al');
    for (const code of nothing) assert.deepEqual((await complete(code)).matches, [], code);
    assert.equal((await run('asked')).result, '0');
    const busy = run('const end = Date.now() + 1500; while (Date.now() < end);');
    await new Promise(resolve => setTimeout(resolve, 300));
    const from = Date.now();
    assert.deepEqual((await complete('parsed.al')).matches, []);
    assert.ok(Date.now() - from < 1000, 'a loop keeps the answer back');
    await busy;
  });

  it('inspects types and documentation, also inside a call', async () => {
    await run('/** Adds two. */ function addTwo(x: number): number { return x + 2 }');
    const inspect = async (code: string, cursor_pos: number) =>
      (await kernel().request('inspect_request', { code, cursor_pos, detail_level: 0 })).reply.content;
    const { found, data } = await inspect('addTwo(1)', 3);
    assert.equal(found, true);
    assert.match((data as Record<string, string>)['text/plain']!, /addTwo: \(x: number\) => number\n\nAdds two\./);
    assert.match(((await inspect('addTwo( ', 8)).data as Record<string, string>)['text/plain']!, /^addTwo/);
    assert.equal((await inspect('   ', 1)).found, false);
  });

  it('completes the name of a property that need not be there as it is written', async () => {
    await run('const options: { speed?: number } = {}');
    const { reply } = await kernel().request('complete_request', { code: 'options.sp', cursor_pos: 10 });
    assert.deepEqual(reply.content.matches, ['speed']);
  });

  it('inspects interfaces, type aliases, imports, and the tags of comments', async () => {
    await run('interface Point { x: number; label?: string }\ntype Pair = [Point, Point];');
    await run(
      '/** Doubles.\n * @param x the number\n * @returns twice it\n * @deprecated use 2 * x */ const twice = (x: number) => 2 * x',
    );
    const inspect = async (code: string, cursor_pos: number) => {
      const { reply } = await kernel().request('inspect_request', { code, cursor_pos, detail_level: 0 });
      assert.equal(reply.content.status, 'ok', code);
      return (reply.content.data as Record<string, string>)['text/plain'];
    };
    assert.equal(await inspect('let p: Point', 8), 'interface Point {\n  x: number;\n  label?: string | undefined;\n}');
    assert.equal(await inspect('let p: Pair', 8), 'type Pair = [Point, Point]');
    await run('type Shape = { side: number } | { radius: number }');
    assert.equal(await inspect('let s: Shape', 8), 'type Shape = { side: number; } | { radius: number; }');
    assert.equal(
      await inspect('twice(1)', 2),
      'twice: (x: number) => number\n\nDoubles.\n\n@param x the number\n@returns twice it\n@deprecated use 2 * x',
    );
    assert.match((await inspect('import { basename } from "node:path"', 12))!, /^basename: \(path: string/);
    assert.match((await inspect('import { basename as b } from "node:path"', 12))!, /^b: \(path: string/);
    assert.equal(await inspect('import { basename } from "node:path"', 30), undefined);
  });

  it('lets a cell come in between a thousand completions, and answers the newest', { timeout: 60_000 }, async () => {
    const asked = Array.from({ length: 1000 }, () =>
      kernel().request('complete_request', { code: 'Arr', cursor_pos: 3 }),
    );
    const from = performance.now();
    await run('1 + 1');
    const took = performance.now() - from;
    const answers = await Promise.all(asked);
    assert.ok(answers.every(({ reply }) => reply.content.status === 'ok'));
    assert.ok((answers.at(-1)!.reply.content.matches as string[]).includes('Array'));
    const given = answers.filter(({ reply }) => (reply.content.matches as string[]).length > 0);
    assert.ok(given.length < 100, `${given.length} were worked out`);
    assert.ok(took < 4000, `the cell took ${took} ms`);
  });

  it('tells complete code from incomplete and invalid', async () => {
    const state = async (code: string) =>
      (await kernel().request('is_complete_request', { code })).reply.content.status;
    for (const code of ['1 + 1', 'if (true) {}', 'await x']) assert.equal(await state(code), 'complete', code);
    for (const code of ['if (true) {', 'f(', '`open', 'a +']) assert.equal(await state(code), 'incomplete', code);
    for (const code of ['let = = 3', ')', '"open']) assert.equal(await state(code), 'invalid', code);
  });

  it('tells its true versions and its status', async () => {
    const { reply } = await kernel().request('kernel_info_request', {});
    const { status: state, protocol_version, language_info, implementation } = reply.content as Record<string, unknown>;
    assert.deepEqual([state, protocol_version, implementation], ['ok', '5.4', 'tsnb']);
    const { version, file_extension } = language_info as Record<string, string>;
    assert.equal(version, createRequire(import.meta.url)('typescript/package.json').version);
    assert.equal(file_extension, '.ts');
  });
});
