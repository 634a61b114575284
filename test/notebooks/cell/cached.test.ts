import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { slow } from '../../support/slow.js';
import { cachedCell, neverStale, type Project, withProject } from './edits.js';

describe('cached', { skip: slow('starts kernels'), timeout: 300_000 }, () => {
  let root = '';
  let modules = '';
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'cached-'));
    writeFileSync(join(root, 'table.csv'), '1');
    mkdirSync('.build', { recursive: true });
    modules = mkdtempSync(resolve('.build/cached-'));
  });
  after(() => {
    for (const folder of [root, modules]) rmSync(folder, { recursive: true });
  });

  const files = () => readdirSync(join(root, '.cache/values')).map(name => join(root, '.cache/values', name));
  const gives = async ({ run }: Project, code: string) => {
    const { value, said } = await run(code);
    return [value, said.includes('is not cached') ? 'told' : said.includes('made') ? 'made' : 'kept'];
  };

  test('makes a value once, and anew when inputs, text, cells’ variables or their functions are others', () =>
    withProject(async project => {
      const now = (code: string) => gives(project, code);
      await project.run('var k = 1; var helper: (x: number) => number = x => 2 * x;');
      assert.deepEqual(await now(cachedCell(3)), ['7', 'made']);
      assert.deepEqual(await now(cachedCell(3)), ['7', 'kept']);
      assert.deepEqual(await now(cachedCell(4)), ['9', 'made']);
      assert.deepEqual(await now(cachedCell(3, 'helper(s) + k + 1')), ['8', 'made']);
      await project.run('var other = 5; k = 2;');
      assert.deepEqual(await now(cachedCell(3)), ['8', 'made']);
      await project.run('k = 1;');
      assert.deepEqual(await now(cachedCell(3)), ['7', 'kept']);
      await project.run('var helper: (x: number) => number = x => 3 * x;');
      assert.deepEqual(await now(cachedCell(3)), ['10', 'made']);
      await project.run('var helper: (x: number) => number = x => 2 * x;');
      assert.deepEqual(await now(cachedCell(3)), ['7', 'kept']);
    }, root));

  test('tells modules apart, though what they export has one text', () =>
    withProject(async project => {
      const now = async (code: string) => {
        await project.run(code);
        return gives(project, cachedCell(3));
      };
      for (const [name, factor] of Object.entries({ a: 2, b: 5 })) {
        const text = `const factor: number = ${factor};\nexport const times = (x: number): number => factor * x;\n`;
        writeFileSync(join(modules, `${name}.ts`), text);
      }
      const take = (name: string) => `var helper = (await import('./${relative('.', modules)}/${name}.js')).times;`;
      await project.run('var k = 1;');
      assert.deepEqual(await now(take('a')), ['7', 'made']);
      assert.deepEqual(await now(take('b')), ['16', 'made']);
      assert.deepEqual(await now(take('a')), ['7', 'kept']);
      const whole = (name: string) =>
        `var all = await import('./${relative('.', modules)}/${name}.js'); var helper = (x: number): number => all.times(x);`;
      assert.deepEqual(await now(whole('a')), ['7', 'made']);
      assert.deepEqual(await now(whole('b')), ['16', 'made']);
      assert.deepEqual(await now(whole('b')), ['16', 'kept']);
    }, root));

  test('makes it every time, and says why, where a value hides or cannot be kept', () =>
    withProject(async ({ run }) => {
      await run('var k = 1; var helper: (x: number) => number = ((f: number) => (x: number) => f * x)(2);');
      for (const [code, why] of [
        [cachedCell(1), 'make uses helper, and helper closes over variables of a function or block'],
        [cachedCell(1, 'new Map([[s, helper2]]).size'), 'make uses helper2, and helper2 is bound, or native code'],
        [cachedCell(1, 'Counter.count + s'), 'make uses Counter, and Counter has properties of its own'],
        [cachedCell(1, '(() => s)'), 'the value is a function'],
        [
          "await keep('value', { f: () => 1 }, ({ f }) => { console.log('made'); return f(); }, { root })",
          'inputs.f is a function',
        ],
      ] as const) {
        await run('var helper2 = helper.bind(null); class Counter { static count = 1; }');
        for (let time = 0; time < 2; time++) {
          const { said } = await run(code);
          assert.match(said, /made/);
          assert.ok(said.includes(`“value” is not cached: ${why}`), said);
        }
      }
    }, root));

  const K = 'var k = 1; var helper: (x: number) => number = x => 2 * x;';

  test('a later kernel takes it; not with another file, variable of the environment, or half of the file', async () => {
    const now = (env = {}) =>
      withProject(
        async project => {
          await project.run(K);
          return (await gives(project, cachedCell(3)))[1];
        },
        root,
        env,
      );
    await now();
    assert.equal(await now(), 'kept');
    assert.equal(await now({ FACTOR: '2' }), 'made');
    writeFileSync(join(root, 'table.csv'), '2');
    assert.equal(await now(), 'made');
    assert.equal(await now(), 'kept');
    for (const file of files()) truncateSync(file, readFileSync(file).length - 1);
    assert.equal(await now(), 'made');
    assert.ok(files().length <= 8);
  });

  test('a file that changes while a kernel runs may have been read before: the value is not kept', () =>
    withProject(async ({ run }) => {
      await run(K);
      writeFileSync(join(root, 'table.csv'), '3');
      const { value, said } = await run(cachedCell(3));
      assert.equal(value, '7');
      assert.match(said, /“value” is not cached: .*table\.csv has changed since this kernel started: restart it\nmade/);
    }, root));

  test('a kernel that is killed (-9) while it makes one keeps nothing', async () => {
    const before = files();
    const slowly = `await keep('slow', 1, async () => { console.log('made'); await new Promise(done => setTimeout(done, WAIT)); return 5; }, { root })`;
    await withProject(async ({ kernel }) => {
      void kernel.execute(slowly.replace('WAIT', '60000')).catch(() => undefined);
      await new Promise(done => setTimeout(done, 2000));
      process.kill(kernel.pid, 'SIGKILL');
    }, root).catch(() => undefined);
    assert.deepEqual(files(), before);
  });

  test('is never stale: seeded edits of what it depends on, against the value without a cache', async () => {
    const { hits, doubts, runs } = await neverStale(60, 15);
    assert.ok(hits > 5 && doubts > 5 && runs > 5, `${hits} hits, ${doubts} doubts, ${runs} runs`);
  });
});
