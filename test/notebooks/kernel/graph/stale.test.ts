import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Client, startKernel, withKernel } from '../client.js';

/** A notebook in a kernel: cells have ids, as JupyterLab sends them. */
const notebook = (kernel: Client) => {
  const used = new Set<string>();
  let deleted: string[] = [];
  /** How many cells there were before the notebook. */
  let before = 0;
  return {
    /** Another notebook: no cell and no value of this one is left. */
    async clear() {
      const { reply } = await kernel.execute('process.exit(0)');
      before = Number(reply.content.execution_count);
      deleted = [...used];
      used.clear();
    },
    async run(id: string, code: string) {
      const answer = await kernel.execute(code, { metadata: { cellId: id, deletedCells: deleted } });
      used.add(id);
      deleted = [];
      const { content } = answer.reply;
      const shown = answer.messages.filter(({ header }) => header.msg_type === 'display_data');
      const texts = shown.map(({ content: { data } }) => (data as Record<string, string>)['text/plain']!);
      const [note = ''] = texts.filter(text => text.startsWith('not as in a fresh run: '));
      return {
        value: answer.result,
        error: content.status === 'ok' ? undefined : `${content.ename}: ${content.evalue}`,
        note: note
          .replace('not as in a fresh run: ', '')
          .replaceAll(/\[(\d+)\]/g, (_, label: string) => `[${Number(label) - before}]`),
        answer,
      };
    },
    delete: (id: string) => void deleted.push(id),
  };
};

type Notebook = ReturnType<typeof notebook>;
type Cells = readonly (readonly [id: string, code: string])[];

/** What the last of these cells shows in a process of its own. */
const fresh = async ({ clear, run }: Notebook, cells: Cells) => {
  await clear();
  let last: Awaited<ReturnType<typeof run>> | undefined;
  for (const [id, code] of cells) {
    last = await run(id, code);
    assert.equal(last.note, '', `${code}: a fresh run has nothing to say`);
  }
  return last!;
};

const inMode = <T>(mode: string, use: (notebook: Notebook, kernel: Client) => Promise<T>) =>
  withKernel({ env: { TSNB_STALE: mode } }, kernel => use(notebook(kernel), kernel));

/** What happens to a notebook, and what it is then; its last cell is run in the end. */
interface Scenario {
  readonly name: string;
  happens(notebook: Notebook): Promise<unknown>;
  readonly cells: Cells;
  /** What is said above the last cell. */
  readonly says: RegExp;
  /** What it shows nevertheless. */
  readonly shows: string;
}

const runAll = async ({ run }: Notebook, cells: Cells) => {
  for (const [id, code] of cells) await run(id, code);
};

const SCENARIOS: readonly Scenario[] = [
  {
    name: 'a cell is edited and run',
    async happens(all) {
      await runAll(all, [
        ['a', 'const x = 1;'],
        ['b', 'const y = x + 1;'],
        ['c', 'y'],
      ]);
      await all.run('a', 'const x = 5;');
    },
    cells: [
      ['a', 'const x = 5;'],
      ['b', 'const y = x + 1;'],
      ['c', 'y'],
    ],
    says: /^y of \[2\] \(x: \[4\] has run again since\)$/,
    shows: '2',
  },
  {
    name: 'a cell between them is deleted',
    async happens(all) {
      await runAll(all, [
        ['a', 'let x = 1;'],
        ['b', 'x += 10;'],
        ['c', 'x'],
      ]);
      all.delete('b');
    },
    cells: [
      ['a', 'let x = 1;'],
      ['c', 'x'],
    ],
    says: /^x \(it was changed by a deleted cell, \[2\]\)$/,
    shows: '11',
  },
  {
    name: 'a change is made twice',
    async happens(all) {
      await runAll(all, [
        ['a', 'const xs = [1];'],
        ['b', 'xs.push(2);'],
        ['b', 'xs.push(2);'],
      ]);
    },
    cells: [
      ['a', 'const xs = [1];'],
      ['b', 'xs.push(2);'],
      ['c', 'xs.join()'],
    ],
    says: /^xs of \[3\] \(xs: \[3\] had changed it before\)$/,
    shows: "'1,2,2'",
  },
  {
    name: 'a cell is run again above one that changes its value',
    async happens(all) {
      await runAll(all, [
        ['a', 'const map = new Map<string, number>();'],
        ['b', 'map.set("k", 1);'],
        ['a', 'const map = new Map<string, number>();'],
      ]);
    },
    cells: [
      ['a', 'const map = new Map<string, number>();'],
      ['b', 'map.set("k", 1);'],
      ['c', 'map.size'],
    ],
    says: /^map of \[2\] \(map: \[3\] has run again since\)$/,
    shows: '0',
  },
  {
    name: 'a name gets another type',
    async happens(all) {
      await runAll(all, [
        ['a', 'let x = 1.5;'],
        ['b', 'const f = () => x.toFixed(0);'],
        ['a', 'let x = "one";'],
      ]);
    },
    cells: [
      ['a', 'let x = "one";'],
      ['b', 'const f = () => x.toFixed(0);'],
      ['c', 'typeof f'],
    ],
    says: /^f of \[2\] \(\[3\] declares x in another way now\)$/,
    shows: "'function'",
  },
  {
    name: 'a closure holds an old value',
    async happens(all) {
      await runAll(all, [
        ['a', 'const x = 1;'],
        ['b', 'const make = () => { const v = x; return () => v; };'],
        ['c', 'const g = make();'],
        ['a', 'const x = 2;'],
      ]);
    },
    cells: [
      ['a', 'const x = 2;'],
      ['b', 'const make = () => { const v = x; return () => v; };'],
      ['c', 'const g = make();'],
      ['d', 'g()'],
    ],
    says: /^g of \[3\] \(x: \[4\] has run again since\)$/,
    shows: '1',
  },
  {
    name: 'a class has live instances',
    async happens(all) {
      await runAll(all, [
        ['a', 'class P { hi() { return 1; } }'],
        ['b', 'const p = new P();'],
        ['a', 'class P { hi() { return 2; } }'],
      ]);
    },
    cells: [
      ['a', 'class P { hi() { return 2; } }'],
      ['b', 'const p = new P();'],
      ['c', 'p.hi()'],
    ],
    says: /^p of \[2\] \(P: \[3\] has run again since\)/,
    shows: '1',
  },
  {
    name: 'a name is renamed',
    async happens(all) {
      await runAll(all, [
        ['a', 'const x = 1;'],
        ['a', 'const y = 1;'],
      ]);
    },
    cells: [
      ['a', 'const y = 1;'],
      ['b', 'x'],
    ],
    says: /^x \(\[2\] declares it no more\)$/,
    shows: '1',
  },
  {
    name: 'a name is shadowed by a cell below',
    async happens(all) {
      await runAll(all, [
        ['a', 'const x = 1;'],
        ['b', 'x'],
        ['c', 'const x = 2;'],
      ]);
    },
    cells: [
      ['a', 'const x = 1;'],
      ['b', 'x'],
    ],
    says: /^x \(it is that of \[3\]\)$/,
    shows: '2',
  },
];

describe('a cell that reads what a fresh run would not give', () => {
  const kernels: Client[] = [];
  let saying: Notebook;
  let refusing: Notebook;
  before(async () => {
    kernels.push(await startKernel(), await startKernel({ env: { TSNB_STALE: 'refuse' } }));
    [saying, refusing] = [notebook(kernels[0]!), notebook(kernels[1]!)];
  });
  after(() => Promise.all(kernels.map(kernel => kernel.close())));

  for (const { name, happens, cells, says, shows } of SCENARIOS) {
    it(`${name}: says so, runs the others again, or refuses`, async () => {
      const [id, code] = cells.at(-1)!;
      const all = saying;
      const wanted = await fresh(all, cells);
      await all.clear();
      await happens(all);
      const { value, note } = await all.run(id, code);
      assert.match(note, says);
      assert.equal(value, shows);
      assert.notEqual(wanted.value, shows);
      const again = await all.run(id, `// tsnb: fresh\n${code}`);
      assert.equal(again.value, wanted.value);
      assert.equal(again.error === undefined, wanted.error === undefined, String(again.error));
      if (again.error === undefined) assert.equal((await all.run(id, code)).note, '');
      const strict = refusing;
      await strict.clear();
      await happens(strict);
      const refused = await strict.run(id, code);
      // What has made it stale may have been refused before.
      if (refused.error === undefined) assert.equal(refused.value, wanted.value);
      else assert.match(refused.error, /^StaleError: not as in a fresh run: /);
    });
  }

  it('cells sent together are in their order: a cell that was moved is known to be', async () => {
    await inMode('rerun', async (all, kernel) => {
      await runAll(all, [
        ['a', 'let x = 1;'],
        ['b', 'x = 2;'],
        ['c', 'x'],
      ]);
      const codes = [
        ['a', 'let x = 1;'],
        ['c', 'x'],
        ['b', 'x = 2;'],
      ] as const;
      const [, moved] = await Promise.all(
        codes.map(([id, code]) => kernel.execute(code, { metadata: { cellId: id, deletedCells: [] } })),
      );
      assert.equal(moved?.result, '1');
      assert.equal((await all.run('c', 'x')).value, '1');
    });
  });

  it('two front ends edit one notebook: the cell is the one that was sent last', async () => {
    await inMode('', async (all, kernel) => {
      await runAll(all, [
        ['a', 'const x = 1;'],
        ['b', 'const y = x;'],
      ]);
      const other = notebook(kernel);
      await other.run('a', 'const x = 3;');
      assert.match((await all.run('c', 'y')).note, /^y of \[2\]/);
      assert.equal((await other.run('c', '// tsnb: fresh\ny')).value, '3');
    });
  });

  it('the process ends: what a cell needs is run again where that is wanted', async () => {
    await inMode('rerun', async all => {
      await runAll(all, [
        ['a', 'const x = 4;'],
        ['b', 'process.exit(3)'],
      ]);
      assert.equal((await all.run('c', 'x')).value, '4');
    });
  });

  it('a module of the project is edited', async () => {
    const folder = mkdtempSync(join(import.meta.dirname, 'edited-'));
    const write = (text: string, at: number) => {
      writeFileSync(join(folder, 'inner.ts'), text);
      utimesSync(join(folder, 'inner.ts'), at, at);
    };
    const soon = Date.now() / 1000;
    try {
      writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
      writeFileSync(
        join(folder, 'outer.ts'),
        "import { value } from './inner.js';\nexport const twice = () => 2 * value;\n",
      );
      for (const mode of ['', 'rerun']) {
        write('export const value = 1;\n', soon - 100);
        await withKernel({ cwd: folder, env: { TSNB_STALE: mode } }, async kernel => {
          const all = notebook(kernel);
          await runAll(all, [
            ['a', 'import { twice } from "./outer.js";'],
            ['b', 'const y = twice();'],
          ]);
          assert.deepEqual([(await all.run('c', 'y')).note, (await all.run('c', 'y')).value], ['', '2']);
          write('export const value = 5;\n', soon + 100);
          const { note, value } = await all.run('c', 'y');
          if (mode === 'rerun') assert.equal(value, '10');
          else {
            assert.match(note, /^y of \[2\] \(.*inner\.ts was edited since \[1\] loaded it\)$/);
            assert.equal((await all.run('b2', 'import { twice as other } from "./outer.js"; other()')).value, '10');
          }
        });
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('shows the outputs of a cell that it runs again in the place of that cell', async () => {
    await inMode('rerun', async (all, kernel) => {
      const first = await all.run('a', 'const x = 1;');
      const second = await all.run('b', 'const y = x + 1; console.log("y", y); y');
      await all.run('a', 'const x = 2;');
      const third = await all.run('c', 'y');
      assert.equal(third.value, '3');
      const late = kernel.iopub.filter(
        ({ parent_header }) => parent_header.msg_id === second.answer.reply.parent_header.msg_id,
      );
      const types = late.slice(second.answer.messages.length).map(({ header }) => header.msg_type);
      assert.deepEqual(types, ['clear_output', 'stream', 'execute_result']);
      assert.deepEqual(first.answer.types, ['status', 'execute_input', 'status']);
      assert.equal(third.answer.stream('stdout'), '');
    });
  });

  it('a client that sends no ids is taken to run a notebook from the top', async () => {
    await withKernel({}, async kernel => {
      for (const code of ['let x = 1;', 'x += 1;', 'x += 1;', 'let x = 1;', 'x += 1;', 'x']) {
        const { types, result } = await kernel.execute(code);
        assert.ok(!types.includes('display_data'), code);
        if (code === 'x') assert.equal(result, '2');
      }
    });
  });
});

describe('cells()', () => {
  it('shows the graph as a table and as a figure without scripts', async () => {
    await inMode('', async all => {
      await runAll(all, [
        ['a', 'const x = "<b>";'],
        ['b', '// of x\nconst y = x + "&";'],
        ['a', 'const x = "</svg><script>";'],
      ]);
      const { value, answer } = await all.run('c', 'cells()');
      assert.match(
        value!,
        /^cell +declares +reads +changes +not as in a fresh run\n\[3\] +x\n\[2\] +y +x \[3\] +x: \[3\] has run/,
      );
      const result = answer.messages.find(({ header }) => header.msg_type === 'execute_result');
      const html = (result!.content.data as Record<string, string>)['text/html']!;
      assert.match(html, /<path d="M /);
      assert.match(html, /const x = &quot;&lt;\/svg&gt;&lt;script&gt;&quot;;/);
      assert.doesNotMatch(html, /<script|<b>|\bon\w+=|href/);
      assert.equal((await all.run('d', 'cells().map(({ declares }) => declares.join()).join()')).value, "'x,y,,'");
    });
  });
});
