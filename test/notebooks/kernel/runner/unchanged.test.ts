import assert from 'node:assert/strict';
import { linkSync, statSync, utimesSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { LEFT_OUT_MIME } from '../../../../notebooks/cell/left-out.js';
import type { Cell, Notebook } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../notebooks/kernel/runner/record/result-types.js';
import { createMemory } from '../../../../notebooks/kernel/runner/unchanged.js';

let home = '';
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'memory-'));
  await mkdir(join(home, 'lib'));
  await writeFile(join(home, 'package.json'), '{}');
  await writeFile(join(home, 'package-lock.json'), '1');
  await writeFile(join(home, 'lib/a.ts'), "export * from './b.js';");
  await writeFile(join(home, 'lib/b.ts'), 'export const b = 1;');
});
after(() => rm(home, { recursive: true }));

const code: Cell = { cell_type: 'code', id: 'c', source: "import { b } from './lib/a.js';", metadata: {}, outputs: [] };
const text: Cell = { cell_type: 'markdown', id: 'm', source: '# Text', metadata: {} };
const loaded = (...cells: Cell[]) => ({
  file: join(home, 'x.ipynb'),
  json: '',
  notebook: { cells, metadata: {} } as Notebook,
});

const output = { output_type: 'stream', name: 'stdout', text: 'kept' } as const;
const run = (status: NotebookRun['status']): NotebookRun => ({
  file: 'x.ipynb',
  notebook: { cells: [{ ...code, outputs: [output] } as Cell], metadata: {} },
  cells: [{ index: 0, status, milliseconds: 5 }],
  status,
  started: new Date(0),
  milliseconds: 5,
  provenance: { kernel: 'fake' },
});

const memory = (variables: Record<string, string> = {}) => createMemory({ home, command: ['kernel'], variables });

test('a success comes back with its outputs; new text around the code does not matter', async () => {
  await memory().keep(loaded(code), run('ok'));
  const recalled = await memory().recall(loaded(text, code));
  assert.equal(recalled?.reused, true);
  assert.deepEqual(recalled?.cells[0]?.index, 1);
  const [, cell] = recalled!.notebook.cells;
  assert.deepEqual(cell && 'outputs' in cell && cell.outputs, [output]);
});

test('a success that left something out is not taken again', async () => {
  const partial = { output_type: 'display_data', data: { [LEFT_OUT_MIME]: {} }, metadata: {} } as const;
  const other = { ...code, source: 'const other = 1;' };
  const notebook = (outputs: readonly object[]) => ({ cells: [{ ...other, outputs } as Cell], metadata: {} });
  await memory().keep(loaded(other), { ...run('ok'), notebook: notebook([output, partial]) });
  assert.equal(await memory().recall(loaded(other)), undefined);
  await memory().keep(loaded(other), { ...run('ok'), notebook: notebook([output]) });
  assert.notEqual(await memory().recall(loaded(other)), undefined);
});

test('a cell that is left out keeps its own outputs, and the others theirs', async () => {
  const skipped: Cell = {
    ...code,
    id: 's',
    metadata: { tags: ['skip-execution'] },
    outputs: [{ ...output, text: 'own' }],
  };
  const ran = run('ok');
  const [cell] = ran.notebook.cells;
  await memory().keep(loaded(skipped, code), { ...ran, notebook: { ...ran.notebook, cells: [skipped, cell!] } });
  const now = { ...skipped, outputs: [{ ...output, text: 'newer' }] };
  const recalled = await memory().recall(loaded(now, code));
  assert.deepEqual(
    recalled?.notebook.cells.map(each => 'outputs' in each && each.outputs.map(o => 'text' in o && o.text)),
    [['newer'], ['kept']],
  );
  assert.deepEqual(recalled?.cells[0]?.index, 1);
});

test('other code, variables, lock file or an indirectly imported module call for a new run', async () => {
  const recalls = async (cell = code, variables = {}) => (await memory(variables).recall(loaded(cell))) !== undefined;
  assert.ok(await recalls());
  assert.ok(!(await recalls({ ...code, source: `${code.source}\nb;` })));
  assert.ok(!(await recalls(code, { SCALE: 'full' })));
  await writeFile(join(home, 'lib/b.ts'), 'export const b = 2;');
  assert.ok(!(await recalls()));
  await writeFile(join(home, 'lib/b.ts'), 'export const b = 1;');
  assert.ok(await recalls());
  await writeFile(join(home, 'package-lock.json'), '2');
  assert.ok(!(await recalls()));
});

test('what failed is not remembered', async () => {
  const failing = loaded({ ...code, source: 'fails' });
  await memory().keep(failing, run('failed'));
  assert.equal(await memory().recall(failing), undefined);
});

test('what comes from a workspace package, createRequire, node_modules, the environment or data calls for a new run', async () => {
  const place = await mkdtemp(join(tmpdir(), 'depends-'));
  const elsewhere = await mkdtemp(join(tmpdir(), 'elsewhere-'));
  try {
    const put = async (path: string, text: string) => {
      const at = path.startsWith('/') ? path : join(place, path);
      await mkdir(dirname(at), { recursive: true });
      await writeFile(at, text);
    };
    const outside = join(elsewhere, 'outside.json');
    await put('project/package.json', '{}');
    await put('project/lib/old.cjs', 'module.exports = 1;');
    await put('project/data/table.csv', '1,2');
    await put('project/node_modules/fast/index.js', 'module.exports = 1;');
    await put('project/node_modules/stored/index.js', 'module.exports = 1;');
    const link = (to: string) => linkSync(join(place, 'project/node_modules/stored/index.js'), join(elsewhere, to));
    link('of-a-store.js');
    await put('packages/shared/index.ts', 'export const shared = 1;');
    await put('packages/near.cjs', 'module.exports = 1;');
    await put(outside, '1');
    await put(join(elsewhere, 'by-variable.txt'), '1');
    await symlink('../../packages/shared', join(place, 'project/node_modules/shared'));
    const source = `import { shared } from 'shared'; const near = createRequire(import.meta.url)('../packages/near.cjs');
const data = readFileSync(name + '.csv') + readFileSync('${outside}'); process.env.FACTOR;`;
    const here = { ...loaded({ ...code, source }), file: join(place, 'project/x.ipynb') };
    const variable = { DATA: join(elsewhere, 'by-variable.txt') };
    const recalls = async (env: Record<string, string> = variable) => {
      const { recall } = createMemory({ home: join(place, 'project'), command: ['kernel'], variables: {}, env });
      return (await recall(here)) !== undefined;
    };
    const keep = () =>
      createMemory({ home: join(place, 'project'), command: ['kernel'], variables: {}, env: variable }).keep(
        here,
        run('ok'),
      );
    await keep();
    assert.ok(await recalls());
    const caller = { SHLVL: '7', MAKELEVEL: '1', MAKEFLAGS: ' -- FORCE=1', TERM_SESSION_ID: 'w0t1', TMUX_PANE: '%3' };
    assert.ok(await recalls({ ...variable, ...caller }), 'the caller does not matter');
    assert.ok(!(await recalls({ ...variable, FACTOR: '2' })), 'a variable');
    link('of-another-project.js');
    assert.ok(await recalls(), 'another project that has the same files of a store');
    const hidden = join(place, 'project/node_modules/fast/index.js');
    const { atime, mtime } = statSync(hidden);
    await writeFile(hidden, 'module.exports = 3;');
    utimesSync(hidden, atime, mtime);
    assert.ok(!(await recalls()), 'an edit that hides');
    for (const path of [
      ...['project/lib/old.cjs', 'project/data/table.csv', 'project/node_modules/fast/index.js'],
      ...['packages/shared/index.ts', 'packages/near.cjs', outside, variable.DATA],
    ]) {
      await put(path, '2');
      assert.ok(!(await recalls()), path);
      await keep();
      assert.ok(await recalls(), path);
    }
  } finally {
    for (const folder of [place, elsewhere]) await rm(folder, { recursive: true });
  }
});

test('what is in caches follows from the rest, but for what the code names in them', async () => {
  const place = await mkdtemp(join(tmpdir(), 'caches-'));
  try {
    const put = async (path: string, text: string) => {
      await mkdir(dirname(join(place, path)), { recursive: true });
      await writeFile(join(place, path), text);
    };
    await put('package.json', '{}');
    await put('.build/setup/native.json', 'ready');
    await put('.build/bundle.js', '1');
    await put('lib/own.ts', "join(root, '.build', 'setup', name); join('.cache', `${name}.safetensors`);");
    const here = { ...loaded({ ...code, source: "import './lib/own.js'" }), file: join(place, 'x.ipynb') };
    const recalls = async (of = here, home = place) =>
      (await createMemory({ home, command: ['kernel'], variables: {} }).recall(of)) !== undefined;
    const keep = (of = here) => createMemory({ home: place, command: ['kernel'], variables: {} }).keep(of, run('ok'));
    await put('.cache/other', '1');
    await keep();
    assert.ok(await recalls(), 'what is kept there itself');
    await put('.build/bundle.js', '2');
    await put('.build/run-7/a.js', '2');
    await put('.cache/a.safetensors', '2');
    await put('.build/setup/native.json', 'ready');
    assert.ok(await recalls());
    await put('.build/setup/native.json', 'missing');
    assert.ok(!(await recalls()));
    const reads = { ...here, notebook: loaded({ ...code, source: "readFileSync(join('.cache', name))" }).notebook };
    await keep(reads);
    assert.ok(!(await recalls(reads)), 'a cell that reads something there');
  } finally {
    await rm(place, { recursive: true });
  }
});

test('where nobody can tell, it runs: the network, programs, folders of the system, files that change meanwhile', async () => {
  for (const source of [
    "await fetch('https://example.org/data.json');",
    "import { execSync } from 'node:child_process';",
    "import https from 'https';",
    "readFileSync(join(tmpdir(), 'a'));",
  ]) {
    const doubtful = loaded({ ...code, source });
    await memory().keep(doubtful, run('ok'));
    assert.equal(await memory().recall(doubtful), undefined, source);
  }
  const remembering = memory();
  const changing = loaded({ ...code, source: "readFileSync('count.txt'); writeFileSync('count.txt', more);" });
  assert.equal(await remembering.recall(changing), undefined);
  await writeFile(join(home, 'count.txt'), '1');
  await remembering.keep(changing, run('ok'));
  assert.equal(await memory().recall(changing), undefined);
  await rm(join(home, 'count.txt'));
});

test('a module may say that a checksum settles what it fetches; a cell may not', async () => {
  const fetches =
    "const CACHE = '.cache';\nimport https from 'node:https';\nimport { spawn } from 'node:child_process';";
  const pinned = `// tsnb: pinned — the table's SHA-256 stands in the sources.\n${fetches}`;
  const recalls = async (module: string, before = '') => {
    await writeFile(join(home, 'lib/fetched.ts'), module);
    const fetching = loaded({ ...code, source: `${before}import './lib/fetched.js';` });
    await memory().keep(fetching, run('ok'));
    return (await memory().recall(fetching)) !== undefined;
  };
  await mkdir(join(home, '.cache'), { recursive: true });
  assert.ok(!(await recalls(fetches)));
  assert.ok(await recalls("import type { Agent } from 'node:http';"), 'a type');
  assert.ok(await recalls(pinned));
  assert.ok(!(await recalls(pinned, `${pinned}\n`)), 'a cell');
  // The run itself fetches it.
  const fetching = loaded({ ...code, source: "import './lib/fetched.js'; 1;" });
  await writeFile(join(home, 'lib/fetched.ts'), pinned.replace("'.cache'", "join('.cache', 'tables')"));
  const remembering = memory();
  assert.equal(await remembering.recall(fetching), undefined);
  await mkdir(join(home, '.cache/tables'), { recursive: true });
  await writeFile(join(home, '.cache/tables/a'), 'fetched');
  await remembering.keep(fetching, run('ok'));
  assert.notEqual(await memory().recall(fetching), undefined);
  await rm(join(home, 'lib/fetched.ts'));
});

test('a memory that cannot be read is none', async () => {
  const cache = join(home, '.cache/runs');
  await memory().keep(loaded(code), run('ok'));
  for (const name of await readdir(cache)) await writeFile(join(cache, name), '{ "cut');
  assert.equal(await memory().recall(loaded(code)), undefined);
});
