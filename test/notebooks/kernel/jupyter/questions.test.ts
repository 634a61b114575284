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
    assert.ok(((await complete('Arr')).matches as string[]).includes('Array'));
    const { matches, cursor_start, cursor_end } = await complete("'𝒳'; someTable.ro");
    assert.deepEqual([matches, cursor_start, cursor_end], [['rows'], 15, 17]);
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
