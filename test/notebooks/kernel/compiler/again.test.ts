import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import fc from 'fast-check';
import { parseSync } from 'oxc-parser';
import type { Node } from '../../../../notebooks/kernel/compiler/ast.js';
import { createCheckSession } from '../../../../notebooks/kernel/compiler/check-session.js';
import { type Checked, createCompiler } from '../../../../notebooks/kernel/compiler/compiler.js';
import { findProject } from '../../../../notebooks/kernel/project/project.js';

const project = findProject(process.cwd());

/** They read, declare and redeclare each other's names, some with a type error in some orders. */
const CELLS = [
  'let a = 1;',
  'let a = "one";',
  'const b = a;',
  'b.length;',
  'a = 2;',
  'type A = typeof b; const c: A = b;',
  'const d = { b, c };',
  'd.c.toFixed();',
  'var length = 3; length;',
  'import { sep } from "node:path"; const b = sep;',
  'declare global { var g: number }',
  'declare global { var g: string }',
  'g.length;',
  '1 + 1;',
  // Names that a line says, whose types are to be the same by it.
  'const e = 0.5; const f = "lit"; const h: number | undefined = e;',
  'let i = e; const j: "lit" = f; i = 2;',
  'const k: 0.5 = e; e.x;',
  'if (h !== undefined) { const k = h + 1; k; }',
  'h + 1;',
  'function l(x: number, y?: string) { return y === undefined ? x : e }',
  'const l = (...xs: number[]) => xs.length > 0;',
  'function l(x: unknown) { return typeof x === "string" }',
  'const m: boolean = l(1); const n = l; const o = JSON.parse("1");',
  'const x: unknown = e; if (l(x)) x.length;',
  'l("one", 2);',
  'e = 3; f.trim(); o.what; m.valueOf();',
  'h = 5; l = l; m = true; p = q;',
  'var i: any; i.anything;',
  'const [e, f] = [1, b];',
  'const p = { x: 1, label: "a", deep: { y: [1], z: undefined as string | undefined } };',
  'let q = p; q = { x: 2, label: "b", deep: { y: [], z: "" } }; q.deep.y.push(1);',
  'p.z; p.x = 3; q.label.length; p.x.length;',
  'const r: Record<string, unknown> = p; const s = { ...p, x: "s" }; s.x.length; r.x.length;',
  'const t = [p, { x: 1, other: 2 }]; t[0]?.label; t[0]?.what;',
  'const u = a === 1 ? { x: 1 } : { y: 2 }; u.x?.toFixed(); u.z;',
  'u.y?.toFixed(); const v: { x: number } = u; s.deep.z.length;',
  'function w(o: { x?: number }) { return o } w({ x: 1, y: 2 }); w(p).x.toFixed();',
  'w(p); w(s); if (s.deep.z) s.deep.z.length; const x = { deep: 1 };',
];

/**
 * Of a name that cannot be assigned to, TypeScript also says how the module has it, which is ours to choose; and it
 * names the parts of a union in the order of the files where they are written.
 */
const plainly = (message: string): string => {
  const cannot = /^TS\d+: (Cannot assign to '.*') because it is an? (?:import|constant|function)/.exec(message)?.[1];
  return cannot ?? (message.includes('} | {') ? message.split(':')[0]! : message);
};

const verdict = (checked: Checked): unknown =>
  checked.ok ? 'ok' : checked.errors.map(({ message, line, column }) => ({ message: plainly(message), line, column }));

describe('a cell that is run again', () => {
  const remembering = createCompiler(project);
  const fresh = createCompiler(project);
  const session = createCheckSession(project);
  after(() => {
    for (const each of [remembering, fresh, session]) each.close();
  });

  it('finds what a check would find, whatever ran in between', () => {
    const [order] = fc.sample(fc.array(fc.constantFrom(...CELLS), { minLength: 800, maxLength: 800 }), {
      numRuns: 1,
      seed: 7,
    });
    const verdicts = new Map<string, Set<string>>();
    for (const [step, code] of order!.entries()) {
      const found = verdict(remembering.check(code));
      // A text that never comes again is never remembered.
      assert.deepEqual(found, verdict(fresh.check(`${code} // ${step}`)), `step ${step}: ${code}`);
      verdicts.set(code, (verdicts.get(code) ?? new Set()).add(JSON.stringify(found)));
      remembering.settle();
    }
    const both = [...verdicts.values()].filter(({ size }) => size > 1).length;
    assert.ok(both >= 12, `only ${both} cells were right at one time and wrong at another`);
  });

  it('is checked again only if something that it sees has changed', () => {
    const check = (code: string) => {
      const program = parseSync('cell.ts', code, { astType: 'ts' }).program as unknown as Node;
      const made = session.check({ code, program, jsx: false });
      assert.deepEqual(made.findings, []);
      made.commit();
      return made.holds;
    };
    const declares = check('const x = 1;');
    const reads = check('const y = x + 1;');
    const nothing = check('2 + 2;');
    assert.deepEqual([declares(), reads(), nothing()], [true, true, true]);
    check('const z = 3;');
    assert.deepEqual([declares(), reads(), nothing()], [true, true, true]);
    check('const x = 2;');
    assert.deepEqual([reads(), nothing()], [false, true]);
    check('import "node:path";');
    assert.equal(nothing(), false);
    const later = check('2 + 2;');
    session.invalidate();
    assert.equal(later(), false);
  });
});
