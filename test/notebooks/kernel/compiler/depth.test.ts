import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { DEEPEST, depthOf } from '../../../../notebooks/kernel/compiler/depth.js';
import { withKernel } from '../client.js';

const nested = (open: string, middle: string, close: string, times: number) =>
  open.repeat(times) + middle + close.repeat(times);
const numbers = Array.from({ length: 3000 }, (_, i) => i);

describe('how deep a text nests', () => {
  it('is never less than what a parser will find', () => {
    for (const text of [
      nested('(', '1', ')', 500),
      nested('[', '', '', 500),
      nested('({ a: ', '1', ' })', 500),
      nested('`${', '1', '}`', 500),
      nested('f(1, ', '2', ')', 500),
      nested('() => {\n', '', '}\n', 500),
      `a${'.f(b, c)'.repeat(500)}`,
      `a${'\n  .f()'.repeat(500)}`,
      `${'a ? [1, 2] : '.repeat(500)}b`,
      `${'if (a) {\n  b;\n} else '.repeat(500)}c`,
      `${'!'.repeat(500)}a`,
      `${'typeof '.repeat(500)}a`,
      `${'x => '.repeat(500)}1`,
      `type T = ${nested('A<', 'B', '>', 500)}`,
      `type T<A> = ${'A extends 1 ? 2 : '.repeat(500)}3`,
      `1${' + 1'.repeat(500)}`,
    ]) {
      assert.ok(depthOf(text) >= 500, `${depthOf(text)}: ${text.slice(0, 40)}`);
    }
  });

  it('is small for what is only long', () => {
    for (const text of [
      'const a = b + c * (d - 1);\n'.repeat(2000),
      'const a = b.c(d => d + 1)\n'.repeat(2000),
      `const rows = [${'[-1, 2, -3], '.repeat(2000)}]`,
      `const data = "${'a+b/c=='.repeat(10_000)}";`,
      `/* ${'((('.repeat(1000)} */ // ${'((('.repeat(1000)}`,
      'case 1: f(a, b); break\n'.repeat(2000),
      'interface A {\n  b: C | D\n}\n'.repeat(2000),
    ]) {
      assert.ok(depthOf(text) < 30, `${depthOf(text)}: ${text.slice(0, 40)}`);
    }
  });
});

describe('a very deep cell', { timeout: 120_000 }, () => {
  it('runs, or says what is wrong, and nothing ends', async () => {
    await withKernel({}, async ({ execute, request }) => {
      const value = async (code: string) => (await execute(code)).result;
      assert.equal(await value(nested('(', '1', ')', 3000)), '1');
      assert.equal(await value(numbers.join(' + ')), '4498500');
      assert.equal(await value(`[1]${'.map(x => x)'.repeat(1500)}`), '[ 1 ]');
      assert.equal(await value(nested('(() => ', '1', ')()', 500)), '1');
      const process = await value(`const process = { pid: ${nested('(', '2', ')', 1000)} }; process.pid`);
      assert.equal(process, '2', 'a global is hidden by a deep cell as by any other');
      for (const [count, status] of [
        [5000, 'incomplete'],
        [10 * DEEPEST, 'complete'],
      ] as const) {
        const { reply } = await request('is_complete_request', { code: '['.repeat(count) });
        assert.equal(reply.content.status, status);
      }
      for (const type of ['complete_request', 'inspect_request']) {
        assert.equal(
          (await request(type, { code: '['.repeat(10 * DEEPEST), cursor_pos: 3 })).reply.content.status,
          'ok',
        );
      }
      const { reply } = await execute(nested('(', '1', ')', 10 * DEEPEST));
      assert.match(String(reply.content.evalue), /nests about 100000 levels deep, and more than 10000 are not read/);
      const runaway = await execute('const forever = (): number => 1 + forever(); forever()');
      assert.equal(runaway.reply.content.ename, 'RangeError');
      assert.equal(await value('process.pid'), '2');
    });
  });
});
