import assert from 'node:assert/strict';
import { it } from 'node:test';
import { singleLines } from '../../../../notebooks/kernel/compiler/lines.js';
import { parse, programOf } from '../../../../notebooks/kernel/compiler/parse.js';

const linesOf = (code: string, ...types: string[]) =>
  singleLines(code, programOf(parse(code))).map(({ type, line }) => line(type ?? types.shift() ?? '?'));

it('says a name by a line where its type is one that a line can say', () => {
  assert.deepEqual(linesOf('const a = 5, b: string = "x"; let c: number | undefined; export const d = 1;'), []);
  assert.deepEqual(linesOf('const a = 5, b: string = "x"; let c: number | undefined; var d = a;', 'number'), [
    'declare const a = 5;',
    'declare const b: string;',
    'declare let c: number | undefined;',
    'declare let d: number;',
  ]);
  assert.deepEqual(
    linesOf(
      'function f(x: number): string { return "" } function g(y = 1) { return y } const h = (...zs: any[]) => zs.length',
      '(y?: number | undefined) => number',
      '(...zs: any[]) => number',
    ),
    [
      'declare function f(x: number): string;',
      'declare function g(y?: number | undefined): number;',
      'declare const h: (...zs: any[]) => number;',
    ],
  );
  const type = '{ a: number; b?: { c: string[]; }[] | undefined; }';
  assert.deepEqual(linesOf('const o = make()', type), [`declare const o: ${type};`]);
});

it('leaves every other name to the module of its cell', () => {
  const others = [
    '{ a: Meters; }',
    '{ readonly a: number; }',
    '{ a(): number; }',
    '{}',
    'x is string',
    '5',
    '-5',
    'Tensor<Rank>',
    '"a" | "b"',
    'never',
    'Meters[]',
  ];
  others.push('(x: unknown) => x is string', '<T>(x: T) => T', '(x: Meters) => number', '() => Promise<number>');
  others.push('{ (x: number): number; (x: string): string; }', '(x: number) => asserts x');
  for (const type of others) assert.deepEqual(linesOf('const a = b()', type), [undefined], type);
  assert.deepEqual(linesOf('function f() {}', '{ (): void; property: number; }'), [undefined]);
  assert.deepEqual(linesOf('interface a {} const a = 5'), []);
  assert.deepEqual(linesOf('/** Told by inspection. */ const a = 5'), []);
  assert.deepEqual(linesOf('const [a, b] = [1, 2]'), []);
});
