import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedKernel } from '../shared.js';

describe('TypeScript in cells', () => {
  const { run } = sharedKernel();
  const status = async (code: string) => (await run(code)).reply.content.status;
  const result = async (code: string) => (await run(code)).result;
  const errorOf = async (code: string) => String((await run(code)).reply.content.evalue);

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
    assert.equal(await result('const m: Maybe<number> = new Box(5).value; [m, Level.High, Deep.x]'), '[ 5, 1, 3 ]');
    assert.match(await errorOf('b = 5'), /TS2322/);
    assert.match(await errorOf('a = 2'), /TS2632|TS2588/);
    assert.match(await errorOf('const q: Point = { x: "1" }'), /TS2322/);
  });

  it('calls what a let or var of an earlier cell holds, in a statement of its own', async () => {
    await run('let xs: number[] = [2, 1]; let m = new Map<string, number>(); var double = (x: number) => 2 * x');
    await run('let maybe: string | undefined; let sure: (x: unknown) => asserts x is string = () => {}');
    for (const code of [
      'xs.push(3)',
      'xs.sort();',
      'm.set("a", 1);\nm.get("a")',
      'double(2)',
      'xs.forEach(x => x + 1);',
    ]) {
      assert.equal(await status(code), 'ok', `${code}: ${await errorOf(code)}`);
    }
    assert.equal(await result('xs.sort();\nxs.push(double(4));\nxs.at(-1)'), '8');
    assert.equal(await result('maybe = "set"; maybe.length'), '3');
    assert.equal(await status('const u: unknown = "a"; sure(u); u.length'), 'ok');
    assert.match(await errorOf('xs.push("3")'), /TS2345/);
    assert.match(await errorOf('xs.forEach((x: string) => x)'), /TS2345/);
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
    assert.equal(await result('let sum = 0; for await (const x of [Promise.resolve(1), 2]) sum += x; sum'), '3');
    assert.equal(await result('const { sep } = await import("node:path"); sep'), "'/'");
    assert.equal(
      await result('async function* three() { yield 1; yield 2 } let n = 0; for await (const x of three()) n += x; n'),
      '3',
    );
    assert.equal(await result('if (await Promise.resolve(true)) { var inside = await 8 } inside!'), '8');
  });

  it('runs every kind of JavaScript and TypeScript', async () => {
    assert.equal(await result('for (var i = 0; i < 3; i++) { var last = i } [i, last!]'), '[ 3, 2 ]');
    assert.equal(await result('const called = hoisted(); function hoisted(): number { return 1 }\ncalled'), '1');
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
    assert.deepEqual([await result('typeof this'), await result('globalThis === global')], ["'undefined'", 'true']);
    assert.match(String(await result('global')), /\[global\]/);
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

  it('runs decorators, accessors and using, which Node 20 does not know', async () => {
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
    assert.equal(await result('class Kept { static accessor z = 3 } Kept.z'), '3');
  });

  it('shows of a cell with decorators or using what it shows of one without', async () => {
    await run(`function deco(_value: unknown, _context: DecoratorContext): void {}
      const closing = () => ({ x: 1, [Symbol.dispose]() {} });`);
    for (const [code, expected] of [
      ['class A { @deco m() {} }', undefined],
      ['@deco class A {}', undefined],
      ['export class A { @deco m() {} }', undefined],
      ['export default class A { @deco m() {} }', undefined],
      ['const B = class { @deco m() {} }', undefined],
      ['class A { @deco m() {} }\nfunction after() {}', undefined],
      ['class A { @deco m() {} }\ntry { A.name } finally {}', undefined],
      ['class A { @deco m() {} }\nA.name', "'A'"],
      ['export class A { @deco m() {} }\nA.name', "'A'"],
      ['class A { @deco m() {} }\nA.name\ninterface Shape { x: number }', "'A'"],
      ['let C: unknown; C = class { @deco m() { } }; C === undefined', 'false'],
      ['new (class { @deco m() { return 3 } })().m()', '3'],
      ['using c = closing(); class A { @deco m() {} }', undefined],
      ['using c = closing(); class A { @deco m() {} }\nA.name', "'A'"],
      ['using c = closing(); c.x\nfunction after() {}', undefined],
      ['using c = closing(); export const z = c.x; z + 1', '2'],
      ['using c = closing(); await Promise.resolve(c.x)', '1'],
      ['function inner() { using c = closing(); return c.x }\ninner()', '1'],
    ] as const) {
      const { reply, result } = await run(code);
      assert.deepEqual([reply.content.status, result], ['ok', expected], code);
    }
  });

  it('lets a cell add to the global scope and to modules, for all cells after it, and say it anew', async () => {
    await run('declare global { var shared: number; interface Array<T> { last(): T } }');
    await run('Array.prototype.last = function () { return this[this.length - 1] }; globalThis.shared = 4;');
    await run('const between = 1;');
    assert.equal(await result('[1, shared].last() + globalThis.shared'), '8');
    assert.match(await errorOf('shared.length'), /TS2339/);
    assert.match(await errorOf('declare global { var shared: Nowhere }'), /TS2304/);
    assert.equal(await result('shared + between'), '5');
    assert.equal(await status('declare global { var shared: string }'), 'ok');
    assert.equal(await result('shared = "four"; shared.length'), '4');
    await run('declare module "ndarray" { interface NdArray { owner: string } }');
    assert.equal(
      await result('import type { NdArray } from "ndarray"; const owner: NdArray["owner"] = "me"; owner'),
      "'me'",
    );
    assert.match(await errorOf('declare module "no-such-package" { const x: 1 }'), /TS2882|TS2664|TS2307/);
    await run('const global = 1; namespace Own { export const x = 2 }');
    assert.equal(await result('global + Own.x'), '3');
  });

  it('gives a whole module as Node does, with the default of a CommonJS one', async () => {
    assert.equal(await result('import * as path from "node:path"; path.join("a", "b")'), "'a/b'");
    assert.equal(await result('import * as tf from "@tensorflow/tfjs-core"; typeof tf.default'), "'object'");
    assert.equal(await result('import * as nd from "ndarray"; nd.default([1, 2]).size'), '2');
    assert.equal(await result('typeof tf.add'), "'function'");
    assert.match(await errorOf('tf.addd'), /TS2551/);
  });

  it('keeps what a failing cell declared before it failed', async () => {
    assert.equal(await status('const early = 1; if (early) throw new Error("half way"); const late = 2;'), 'error');
    assert.equal(await result('early'), '1');
    assert.equal(await status('const late = 3'), 'ok');
  });

  it('imports TypeScript of the project from the root, CommonJS packages and types', async () => {
    assert.equal(
      await result('import { encodeFrame } from "./notebooks/kernel/link/channel.js"; encodeFrame({}).length'),
      '18',
    );
    assert.equal(
      await result(
        'import type { Frame } from "./notebooks/kernel/link/channel.js"; const fr: Frame = { body: {}, buffers: [] }; fr.buffers.length',
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
    assert.match(await errorOf('import { missing } from "./notebooks/kernel/link/channel.js"'), /^1:\d+ TS2305/);
    assert.match(await errorOf('import nothing from "no-such-package"'), /TS2307/);
    assert.equal(await result('encodeFrame({}).length'), '18');
  });
});
