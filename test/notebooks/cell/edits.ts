import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { philox } from '../../../lib/rng/rng.js';
import { type Client, startKernel } from '../kernel/client.js';

/** A kernel whose cells cache in a project of their own. */
export interface Project {
  readonly root: string;
  readonly kernel: Client;
  /** Runs a cell: its value, and what it printed. @throws Error of the cell */
  run(code: string): Promise<{ readonly value: string | undefined; readonly said: string }>;
}

export const withProject = async <R>(work: (project: Project) => Promise<R>, root?: string, env = {}): Promise<R> => {
  const own = root ?? mkdtempSync(join(tmpdir(), 'cached-'));
  writeFileSync(join(own, 'package.json'), '{}');
  const kernel = await startKernel({ cwd: resolve('.'), env: { TSNB_HISTORY: '', ...env } });
  try {
    const run: Project['run'] = async code => {
      const { reply, result, stream } = await kernel.execute(code);
      assert.equal(reply.content.status, 'ok', `${code}\n${reply.content.evalue}`);
      return { value: result, said: stream('stdout') };
    };
    await run("import { cached as keep } from './notebooks/cell/cached.js';");
    await run(`const root = ${JSON.stringify(own)};`);
    return await work({ root: own, kernel, run });
  } finally {
    await kernel.close();
    if (root === undefined) rmSync(own, { recursive: true });
  }
};

/** A cell that caches `body` of s, and says when it runs. */
export const cachedCell = (s: number, body = 'helper(s) + k'): string =>
  `await keep('value', { s: ${s} }, ({ s }) => { console.log('made'); return ${body}; }, { root })`;

const HELPERS = [
  'x => 2 * x',
  'x => 3 * x',
  'x => k * x',
  'x => inner(x)',
  '((f: number) => (x: number) => f * x)(k)',
  '((f: number) => (x: number) => f * x)(2)',
  '(function (this: number, x: number) { return this * x; }).bind(k)',
  'shape.area',
];
const BODIES = ['helper(s) + k', 'helper(s) - k', 'helper(s) + list[s]!', 'helper(s) + shape.side', 's + k'];

/** Redefines at random what a cached value depends on, and holds the value to what comes out without a cache. */
export const neverStale = (histories: number, seed: number): Promise<{ hits: number; doubts: number; runs: number }> =>
  withProject(async ({ run }) => {
    const rng = philox(seed);
    const upTo = (n: number) => rng.integers(1, n)[0]!;
    const edits = [
      () => `var k = ${upTo(3)};`,
      () => `var inner = (x: number): number => x * ${upTo(3)};`,
      () => `var helper: (x: number) => number = ${HELPERS[upTo(HELPERS.length)]};`,
      () => `var list = [${upTo(2)}, ${upTo(2)}, ${upTo(2)}];`,
      () => `list[${upTo(3)}] = ${upTo(2)};`,
      () => `var shape = { side: ${upTo(2)}, area: (x: number) => x * ${upTo(2)} };`,
      () => `shape.side = ${upTo(2)};`,
    ];
    for (const code of [
      'var k = 1;',
      'var inner = (x: number): number => x;',
      'var list = [1, 2, 3];',
      'var shape = { side: 1, area: (x: number) => x };',
      'var helper: (x: number) => number = x => 2 * x;',
    ]) {
      await run(code);
    }
    const count = { hits: 0, doubts: 0, runs: 0 };
    for (let history = 0; history < histories; history++) {
      const done = [];
      for (let edit = 0; edit < 1 + upTo(3); edit++) {
        const code = edits[upTo(edits.length)]!();
        done.push(code);
        await run(code);
      }
      const [s, body] = [upTo(3), BODIES[upTo(BODIES.length)]!];
      const { value: expected } = await run(`(({ s }: { s: number }) => ${body})({ s: ${s} })`);
      const { value, said } = await run(cachedCell(s, body));
      assert.equal(value, expected, `history ${history} of seed ${seed}: ${done.join(' ')} ${body} of ${s}`);
      if (said.includes('is not cached')) count.doubts++;
      else if (said.includes('made')) count.runs++;
      else count.hits++;
    }
    return count;
  });
