import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { type Compiler, createCompiler } from '../../../../notebooks/kernel/compiler/compiler.js';
import { parse, programOf } from '../../../../notebooks/kernel/compiler/parse.js';
import { type Uses, usesOf } from '../../../../notebooks/kernel/compiler/uses.js';
import { findProject } from '../../../../notebooks/kernel/project/project.js';

const uses = (code: string): Uses => usesOf(programOf(parse(code)));
const changed = ({ mutates, calls }: Uses) => [
  ...mutates,
  ...calls.filter(({ changes }) => changes).map(({ name }) => name),
];

describe('what a cell has to do with the names of others', () => {
  it('declares, reads and assigns', () => {
    const found = uses('const y = x + 1; let { a, b: [c = d] } = e; f += y; [g, h.i] = [1, 2];');
    assert.deepEqual(found.declares, ['y', 'a', 'c']);
    assert.deepEqual(found.reads, ['x', 'd', 'e', 'f', 'h']);
    assert.deepEqual(found.assigns, ['f', 'g']);
    assert.deepEqual(found.mutates, ['h']);
  });

  it('tells local names from those of other cells', () => {
    const found = uses(`
      for (const x of xs) { let y = x; y++; }
      { const z = 1; z; }
      try { w(); } catch (error) { error; }
      const f = ({ p, q = r }: T, ...rest: number[]) => { var s = p; return [s, q, rest, arguments]; };
      switch (v) { case 1: let u = 2; u; }
      label: for (;;) break label;
      ({ key: value, short, [computed]: 0 }).property;
    `);
    assert.deepEqual(found.reads, ['xs', 'w', 'v', 'value', 'short', 'computed']);
    assert.deepEqual(found.mentions, ['T', 'r', 'arguments']);
  });

  it('knows types from values, and what is under a name from the name', () => {
    const found = uses('type A = B & typeof c.d; interface E extends F<G> { x: H.I } const j = k as L;');
    assert.deepEqual(found.declares, ['A', 'E', 'j']);
    assert.deepEqual(found.reads, ['k']);
    assert.deepEqual(found.mentions, ['B', 'c', 'F', 'G', 'H', 'L']);
  });

  it('puts what functions do down to who calls them', () => {
    const found = uses('const inc = () => { count += step; list.push(1); };');
    assert.deepEqual([found.reads, found.assigns, changed(found)], [[], [], []]);
    assert.deepEqual(found.mentions, ['count', 'step', 'list']);
    assert.deepEqual(found.holds.inc?.reads, ['count', 'step', 'list']);
    assert.deepEqual(found.holds.inc?.assigns, ['count']);
    const calling = uses('function inc() { count += step; } function twice() { inc(); inc(); } twice();');
    assert.deepEqual([calling.reads, calling.assigns], [['count', 'step'], ['count']]);
    const handing = uses('const later = make(() => count++); const other = later;');
    assert.deepEqual([handing.reads, handing.assigns], [['make', 'count'], ['count']]);
    assert.deepEqual(handing.holds.later?.assigns, ['count']);
    assert.deepEqual(handing.holds.other?.through, ['later']);
  });

  it('knows what classes do now, and what with each instance', () => {
    const found = uses(`
      class P extends Q { static s = now; field = later; n = 0;
        increment() { this.n++; } get(key: T) { return other[key]; } add(x: number) { this.list.push(x); } list: number[] = [] }`);
    assert.deepEqual(found.reads, ['now', 'Q']);
    assert.deepEqual(found.mentions, ['T', 'later', 'other']);
    assert.deepEqual(found.mutators, ['increment', 'add']);
    assert.deepEqual(found.holds.P?.through, ['Q']);
  });

  it('sees changes through parts, other names and parameters', () => {
    assert.deepEqual(changed(uses('a.b[0].c = 1; delete d.e; Object.assign(f, g); h?.i.push(1); j!.k++;')), [
      'a',
      'd',
      'f',
      'j',
      'h',
    ]);
    assert.deepEqual(changed(uses('const { part } = whole; part.x = 1; const b = { a }; b.a.push(1);')), [
      'whole',
      'a',
    ]);
    assert.deepEqual(changed(uses('const add = (n: number, xs: number[]) => xs.push(n); add(1, a); add(b, c);')), [
      'a',
      'c',
    ]);
    const passing = uses('add(1, a.list); (x => x)(b);');
    assert.deepEqual(passing.passes, [{ name: 'a', to: 'add', position: 1 }]);
    assert.deepEqual(uses('function add(xs: number[]) { xs.push(1) }').holds.add?.changes, [0]);
  });

  it('says what is imported, and what of the names comes from there', () => {
    const found = uses(
      'import a, { b as c } from "./x.js"; import "y"; const z = await import("./z.js"); let t: import("t").T;',
    );
    assert.deepEqual(found.imported, ['a', 'c']);
    assert.deepEqual(found.modules, ['./x.js', 'y', './z.js', 't']);
  });
});

describe('what types tell of changes', () => {
  const compiler = createCompiler(findProject(process.cwd()));
  after(() => compiler.close());
  const check = (code: string): Uses => {
    const checked: ReturnType<Compiler['check']> = compiler.check(code);
    assert.ok(checked.ok, JSON.stringify(checked));
    return checked.uses!;
  };

  it('collections change by their own methods, values with methods of the same names do not', () => {
    check('const xs = [3, 1]; const set = new Set<number>(); const map = new Map<string, number>();');
    check('const tensor = { add: (n: number) => n, list: [1] }; const frozen: readonly number[] = xs;');
    assert.deepEqual(changed(check('const n = xs.sort()[0]; const m = set.add(1).size; const o = map.set("a", 1);')), [
      'xs',
      'set',
      'map',
    ]);
    assert.deepEqual(changed(check('const sum = tensor.add(1); const p = xs.map(x => x); xs.indexOf(1)')), []);
    assert.deepEqual(changed(check('const last = tensor.list.pop();')), ['tensor']);
  });

  it('a method that returns nothing, or whose value nobody takes, was called for what it does', () => {
    check('const model = { fit(n: number) {}, async train() { return 1; }, size: () => 3 };');
    assert.deepEqual(changed(check('model.fit(1)')), ['model']);
    assert.deepEqual(changed(check('await model.train(); 1')), ['model']);
    assert.deepEqual(changed(check('model.size()')), []);
    assert.deepEqual(changed(check('[1].forEach(x => x); xs.forEach(x => console.log(x)); 1')), []);
  });

  it('are known of a cell that does not pass as far as its text tells', () => {
    const checked = compiler.check('const wrong: string = xs.length; xs.push(1);');
    assert.ok(!checked.ok);
    assert.deepEqual(checked.uses?.declares, ['wrong']);
    assert.deepEqual(checked.uses && changed(checked.uses), ['xs']);
    assert.equal(compiler.check('const = 1').uses, undefined);
  });
});
