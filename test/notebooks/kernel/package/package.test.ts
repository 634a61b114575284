import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Notebook } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import { slow } from '../../../support/slow.js';
import { type Client, startKernel } from '../client.js';

const PACK = fileURLToPath(new URL('../../../../notebooks/kernel/package/pack.mjs', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'tsnb-package-'));
const project = join(directory, 'project');
const prefix = join(directory, 'prefix');
const spec = join(prefix, 'share/jupyter/kernels/tsnb/kernel.json');
after(() => rmSync(directory, { recursive: true, force: true }));

const write = (path: string, content: string | object) => {
  mkdirSync(dirname(join(directory, path)), { recursive: true });
  writeFileSync(join(directory, path), typeof content === 'string' ? content : JSON.stringify(content));
};

const notebook = (...sources: string[]) => ({
  cells: sources.map((source, index) => {
    const common = { id: `c${index}`, metadata: {}, source };
    return source.startsWith('#')
      ? { cell_type: 'markdown', ...common }
      : { cell_type: 'code', ...common, outputs: [], execution_count: null };
  }),
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5,
});

const run = (cwd: string, command: string, ...args: string[]) =>
  spawnSync(command, args, { cwd, encoding: 'utf8', env: { ...process.env, CI: '1', GITHUB_ACTIONS: '' } });

/** Each output of each code cell: printed text, or the data that are shown. */
const outputs = (file: string): unknown[][] =>
  (JSON.parse(readFileSync(file, 'utf8')) as Notebook).cells.map(cell =>
    'outputs' in cell ? cell.outputs.map(each => ('data' in each ? each.data : each)) : [],
  );

const usingSpec = async (cwd: string, use: (kernel: Client) => Promise<void>) => {
  const { argv } = JSON.parse(readFileSync(spec, 'utf8')) as { argv: string[] };
  for (const path of argv.slice(0, 2)) assert.ok(isAbsolute(path) && existsSync(path), path);
  const kernel = await startKernel({ cwd, command: argv.map(each => each.replace('{connection_file}', '{file}')) });
  await use(kernel).finally(() => kernel.close());
};

const UNREACHABLE = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ENOTCACHED|network)\b/;

test('another project uses the kernel as a package', { skip: slow('installs it') }, async t => {
  const packed = run(directory, process.execPath, PACK, directory);
  assert.equal(packed.status, 0, packed.stderr);
  write('project/package.json', { type: 'module', dependencies: { greeting: 'file:./greeting' } });
  write('project/tsconfig.json', {
    compilerOptions: { strict: true, noUncheckedIndexedAccess: true, module: 'NodeNext', target: 'ES2022' },
  });
  write('project/src/x.ts', 'export const twice = (x: number): number => 2 * x;\n');
  write('project/greeting/package.json', { name: 'greeting', version: '1.0.0', exports: './index.js', type: 'module' });
  write('project/greeting/index.js', "export const greet = name => 'hello ' + name;\n");
  write('project/greeting/index.d.ts', 'export declare const greet: (name: string) => string;\n');
  const npm = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  // Without a network it shall say so soon.
  const haste = ['--fetch-retry-mintimeout=500', '--fetch-retry-maxtimeout=2000', '--fetch-timeout=30000'];
  const installed = run(project, 'npm', 'install', '--save-dev', packed.stdout.trim(), ...npm, ...haste);
  if (installed.status !== 0 && UNREACHABLE.test(installed.stderr)) return t.skip('npm does not reach a registry');
  assert.equal(installed.status, 0, installed.stderr);
  assert.ok(!existsSync(join(project, 'node_modules/@tensorflow')));

  await t.test('its notebooks run, with its files, its packages and displays', () => {
    write(
      'project/notebooks/good.ipynb',
      notebook(
        '# Mathematics: $x^2$',
        "import { twice } from './src/x.js';\ntwice(2)",
        "import { twice as again } from '../src/x.js';\nagain(3)",
        "import { greet } from 'greeting';\ngreet('you')",
        "import { display, newDisplay } from 'tslab';\ndisplay.html('<b>bold</b>');\ndisplay.png(new Uint8Array([1, 2, 3]))",
        "const place = newDisplay();\nplace.text('first');\nplace.text('second')",
        "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '*rich*', 'text/plain': 'plain' }) })",
        "({ [Symbol.for('Jupyter.display')]: () => ({ 'application/vnd.plotly.v1+json': { data: [], layout: {} } }) })",
      ),
    );
    const { status, stdout, stderr } = run(project, 'npx', 'tsnb', 'run', 'notebooks/good.ipynb');
    assert.equal(status, 0, stdout + stderr);
    const [, fromRoot, fromNotebook, fromPackage, shown, replaced, rich] = outputs(join(project, 'report/good.ipynb'));
    assert.deepEqual(fromRoot, [{ 'text/plain': ['4'] }]);
    assert.deepEqual(fromNotebook, [{ 'text/plain': ['6'] }]);
    assert.deepEqual(fromPackage, [{ 'text/plain': ["'hello you'"] }]);
    assert.deepEqual(shown, [{ 'text/html': ['<b>bold</b>'] }, { 'image/png': 'AQID' }]);
    assert.deepEqual(replaced, [{ 'text/plain': ['second'] }]);
    assert.deepEqual(rich, [{ 'text/markdown': ['*rich*'], 'text/plain': ['plain'] }]);
    const page = readFileSync(join(project, 'report/index.html'), 'utf8');
    for (const part of ['class="katex"', 'font/woff2', 'id="plotly-gzip"']) assert.ok(page.includes(part), part);
    assert.match(page, /<iframe [^>]*sandbox="" [^>]*srcdoc="[^"]*&lt;b&gt;bold&lt;\/b&gt;"/);
    assert.ok(!page.includes('<b>bold</b>'), 'what a cell prints stands in a frame, not in the page');
  });

  await t.test('its tsconfig.json decides what is a type error, which is placed on its line', () => {
    write(
      'project/bad.ipynb',
      notebook('const list = [1];', '// The list may be empty.\nconst first: number = list[0];'),
    );
    const { status, stdout } = run(project, 'npx', 'tsnb', 'run', '--output', 'bad', 'bad.ipynb');
    assert.equal(status, 1);
    assert.match(stdout, /bad\.ipynb, cell 2 \(code cell 2\), line 2/);
    assert.match(stdout, /TS2322: Type 'number \| undefined' is not assignable/);
  });

  await t.test('Jupyter starts it from the kernelspec, until that is removed', async () => {
    assert.equal(run(project, 'npx', 'tsnb', 'install', '--prefix', prefix).status, 0);
    await usingSpec(project, async kernel => {
      assert.equal((await kernel.execute('import { twice } from "./src/x.js"; twice(21)')).result, '42');
    });
    assert.equal(run(project, 'npx', 'tsnb', 'uninstall', '--prefix', prefix).status, 0);
    assert.ok(!existsSync(dirname(spec)));
  });

  await t.test('installed from npx’s cache, it outlives that cache, and serves a bare folder', async () => {
    const cache = join(directory, '_npx');
    mkdirSync(join(cache, 'abc'), { recursive: true });
    renameSync(join(project, 'node_modules'), join(cache, 'abc/node_modules'));
    const launcher = join(cache, 'abc/node_modules/tsnb/tsnb.mjs');
    const { status, stderr } = run(directory, process.execPath, launcher, 'install', '--prefix', prefix);
    assert.equal(status, 0, stderr);
    rmSync(cache, { recursive: true });
    write('bare/half.js', 'export const half = x => x / 2;\n');
    await usingSpec(join(directory, 'bare'), async kernel => {
      assert.equal((await kernel.execute('import { half } from "./half.js"; half(4)')).result, '2');
      const { types } = await kernel.execute('import { display } from "tslab"; display.text("shown")');
      assert.ok(types.includes('display_data'));
      const { evalue } = (await kernel.execute('const f = (x) => x')).reply.content;
      assert.match(String(evalue), /TS7006/);
      assert.equal((await kernel.execute('process.version.length > 0')).result, 'true');
    });
  });
});
