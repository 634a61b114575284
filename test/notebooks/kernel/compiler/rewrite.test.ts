import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseSync } from 'oxc-parser';
import type { Node } from '../../../../notebooks/kernel/compiler/ast.js';
import { isGlobal, renamed } from '../../../../notebooks/kernel/compiler/rename.js';
import { rewrite } from '../../../../notebooks/kernel/compiler/rewrite.js';

const of = (code: string, names: string[] = [], endsInExpression?: boolean) => {
  const program = parseSync('cell.mjs', code, { lang: 'js', sourceType: 'module' }).program as unknown as Node;
  const { script, names: declared } = rewrite(program, code, { names: new Set(names), endsInExpression });
  return { text: script.text(), declared, script };
};

describe('rewrite', () => {
  it('declares every name of the top level, and none of a function or block', () => {
    const { declared } = of(`const a = 1; let { b, c: [d] } = o; var e; function f(g) { var h; } class I {}
      for (var j of []) { const k = 1; var l; } import m, * as n from 'o'; export const p = 2;`);
    assert.deepEqual(declared, ['a', 'b', 'd', 'e', 'f', 'I', 'j', 'l', 'm', 'n', 'p']);
  });

  it('gives JavaScript that parses, whatever the declarations', () => {
    for (const code of [
      'let a, b = 1;',
      'var { a } = b;',
      'for (var i = 0, n = 2; i < n; i++);',
      'for (var x in y);',
      'if (a) var b = 1;',
      'export default class {}',
      'export { a };',
      'await (await import("x"));',
      'for await (const a of await b);',
    ]) {
      const { text } = of(code);
      assert.deepEqual(parseSync('x.mjs', text, { lang: 'js', sourceType: 'script' }).errors, [], text);
    }
  });

  it('hands on the value of a last expression, not of an earlier one', () => {
    assert.match(of('1; 2').text, /^1;\n\$tsnb\.result\(\(2\)\);$/m);
    assert.doesNotMatch(of('1; let a').text, /result/);
  });

  it('takes the value of a lowered cell from where lowering put it, and only if the cell had one', () => {
    assert.doesNotMatch(of('class A {}\nhelper(A);', [], false).text, /result/);
    assert.doesNotMatch(of('try { a; } finally {}', [], false).text, /result/);
    assert.match(of('class A {}\nhelper(A);\nA;', [], true).text, /^\$tsnb\.result\(\(A\)\);$/m);
    assert.match(
      of('try { await a; } finally {}', [], true).text,
      /try { \$tsnb\.result\(\(await \$tsnb\.wait\(a\)\)\); }/,
    );
  });

  it('knows where each character came from', () => {
    const code = 'const alpha = 1;\nthrow beta;';
    const { script, text } = of(code);
    const offset = text.indexOf('beta');
    assert.equal(script.sourceOffset(offset), code.indexOf('beta'));
    assert.equal(script.textOffset(code.indexOf('beta')), offset);
  });

  it('renames what hides a global, by scope', () => {
    assert.ok(isGlobal('process') && isGlobal('define') && !isGlobal('schedule'));
    const { text } = of('const process = 1; f(process, { process }, o.process, process => process, { process: 2 });', [
      'process',
    ]);
    const own = renamed('process');
    assert.ok(text.includes(`f(${own}, { process: ${own} }, o.process, process => process, { process: 2 })`), text);
  });
});
