import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { codeNotebook } from '../../../support/notebook.js';
import { slow } from '../../../support/slow.js';

const here = dirname(fileURLToPath(import.meta.url));
// The kernel starts in the notebook's folder, outside the project: tsx has to be named by its place.
const tsx = import.meta.resolve('tsx');
const fake = `${process.execPath} --import ${tsx} ${join(here, 'fake-kernel.ts')} {connection_file}`;
const start =
  "import { main } from './notebooks/kernel/runner/command.ts'; main(process.argv.slice(1)).then(process.exit);";

const write = async (folder: string, name: string, ...sources: string[]): Promise<string> => {
  const file = join(folder, `${name}.ipynb`);
  await writeFile(file, codeNotebook(sources, 9));
  return file;
};

interface Said {
  readonly code: number | null;
  readonly out: string;
}

const run = (args: string[], env: Record<string, string> = {}): Promise<Said> =>
  new Promise(done => {
    const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', start, '--', ...args], {
      cwd: resolve('.'),
      env: { ...process.env, GITHUB_ACTIONS: '', ...env },
    });
    let out = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', part => {
        out += part;
        // Once: a second signal would not wait for anything to be written.
        if (env.STOP_AT && out.includes(env.STOP_AT) && !child.killed) child.kill('SIGINT');
      });
    }
    child.on('close', code => done({ code, out }));
  });

describe('tsnb run', { concurrency: 3 }, () => {
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'run-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  test('runs several notebooks at a time and writes each of them, the page and the cases', async () => {
    const files = await Promise.all([write(folder, 'a', 'print one'), write(folder, 'b', 'print two', 'print three')]);
    const output = join(folder, 'out-a');
    const { code, out } = await run([
      '--kernel',
      fake,
      '-j',
      '2',
      '-o',
      output,
      '--junit',
      join(output, 'j.xml'),
      ...files,
    ]);
    assert.equal(code, 0, out);
    assert.deepEqual((await readdir(output)).sort(), [
      ...['a.ipynb', 'b.ipynb', 'history.jsonl', 'index.html', 'j.xml', 'results.json'],
    ]);
    assert.match(await readFile(join(output, 'b.ipynb'), 'utf8'), /"three\\n"/);
    assert.match(out, /b {2}2\/2 {2}cell 2 {2}\d/);
  });

  test('a failing cell: exit code 1, its place on the screen, the partial notebook, the original untouched', async () => {
    const file = await write(folder, 'c', 'print one', 'error\nhere', 'print three');
    const original = await readFile(file, 'utf8');
    const output = join(folder, 'out-c');
    const { code, out } = await run(['--kernel', fake, '--in-place', '-o', output, file], { GITHUB_ACTIONS: 'true' });
    assert.equal(code, 1, out);
    assert.match(out, /c\.ipynb, cell 2 \(code cell 2\), line 2[\s\S]*TypeError: wrong/);
    assert.match(out, /^::error file=.*c\.ipynb/m);
    assert.equal(await readFile(file, 'utf8'), original);
    assert.match(await readFile(join(output, 'c.ipynb'), 'utf8'), /"one\\n"/);
  });

  test('in place, a success rewrites the notebook, clean', async () => {
    const file = await write(folder, 'd', 'print one');
    const { code, out } = await run(['--kernel', fake, '--in-place', '-o', join(folder, 'out-d'), file]);
    assert.equal(code, 0, out);
    const text = await readFile(file, 'utf8');
    assert.match(text, /"one\\n"/);
    assert.ok(!text.includes('9'));
  });

  test('exit codes tell a time limit, a lost kernel, a wrong call and a budget apart', async () => {
    const hangs = await write(folder, 'e', 'hangs');
    const dies = await write(folder, 'f', 'dies');
    const broken = join(folder, 'g.ipynb');
    await writeFile(broken, '{');
    const output = join(folder, 'out-e');
    const over = await write(folder, 'over', 'print one', 'wait');
    const budgets = join(folder, 'budgets.yaml');
    await writeFile(budgets, '"*": { cell: { seconds: 0.03 } }');
    const codes = [];
    for (const args of [
      ['--timeout', '0.3', hangs],
      [dies],
      [broken],
      ['--nonsense', hangs],
      ['--budgets', budgets, over],
    ]) {
      codes.push((await run(['--kernel', fake, '-o', output, ...args])).code);
    }
    assert.deepEqual(codes, [3, 4, 2, 2, 6]);
  });

  test('named results are gathered, and one outside its tolerance has an exit code of its own', async () => {
    const file = await write(folder, 'i', 'result 1.05', 'result 1.5');
    const output = join(folder, 'out-i');
    const { code, out } = await run(['--kernel', fake, '-o', output, file]);
    assert.equal(code, 5, out);
    assert.match(out, /two results are named “one”/);
    const { results, notebooks } = JSON.parse(await readFile(join(output, 'results.json'), 'utf8'));
    const common = { notebook: file, name: 'one', expected: 1, tolerance: 0.1 };
    assert.deepEqual(results, [
      { ...common, cell: 1, value: 1.05, agrees: true },
      { ...common, cell: 2, value: 1.5, agrees: false },
    ]);
    assert.equal(notebooks[0].cells[1].status, 'mismatch');
  });

  test('--compare holds a notebook to its outputs, --twice to itself', { skip: slow('five runs') }, async () => {
    const steady = await write(folder, 'j', 'print same');
    const moving = await write(folder, 'k', 'random');
    const output = join(folder, 'out-j');
    const twice = ['--kernel', fake, '-o', output, '--twice'];
    assert.equal((await run([...twice, steady])).code, 0);
    const { code, out } = await run([...twice, moving]);
    assert.equal(code, 5, out);
    assert.match(out, /the second run gave something else; output 1 .*line 1/);
    const compared = await run(['--kernel', fake, '-o', output, '--compare', steady]);
    assert.equal(compared.code, 5);
    assert.match(compared.out, /0 outputs in the notebook, 1 now/);
  });

  test('--changed reuses a success, but never answers a comparison', { skip: slow('seven runs') }, async () => {
    // A folder of its own: to the tests beside this one, each other's files are changes.
    const alone = await mkdtemp(join(folder, 'alone-'));
    await writeFile(join(alone, 'package.json'), '{}');
    const file = await write(alone, 'n', 'random');
    const output = join(alone, 'out');
    const changed = ['--kernel', fake, '-o', output, '--changed', file];
    const outputs = async () => /"0\.\d+/.exec(await readFile(join(output, 'n.ipynb'), 'utf8'))?.[0];
    const codes = [(await run(changed)).code];
    const first = await outputs();
    const again = await run(changed);
    assert.match(again.out, /= n {3}unchanged since/);
    assert.equal(await outputs(), first);
    for (const word of ['--compare', '--twice']) codes.push((await run([word, ...changed])).code);
    assert.deepEqual(codes, [0, 5, 5]);
    await run(['-e', 'FACTOR=2', ...changed]);
    assert.notEqual(await outputs(), first);
  });

  test('stopped half-way, it keeps what it has, ends the kernel, and tells by its exit code', async () => {
    const file = await write(folder, 'l', 'print one', 'pid', 'print three', 'deaf');
    const output = join(folder, 'out-l');
    const { code, out } = await run(['--kernel', fake, '-o', output, file], { STOP_AT: 'cell 3' });
    assert.equal(code, 130, out);
    assert.match(out, /interrupted/);
    assert.doesNotMatch(out, /died/);
    const text = await readFile(join(output, 'l.ipynb'), 'utf8');
    assert.match(text, /"one\\n"/);
    const pid = Number(/"pid (\d+)/.exec(text)?.[1]);
    assert.ok(pid > 0);
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });

  test('a folder that cannot be written is refused before anything runs', {
    skip: process.platform !== 'linux',
  }, async () => {
    const file = await write(folder, 'unwritten', 'ok');
    const { code, out } = await run([file, '--output', '/proc/nowhere', '--kernel', fake]);
    assert.equal(code, 2, out);
    assert.match(out, /--output \/proc\/nowhere: .*give a folder that can be written/);
    assert.doesNotMatch(out, /unwritten/);
  });

  test('a notebook of another language is wrong usage, unless its kernel is named', async () => {
    const file = join(folder, 'o.ipynb');
    const notebook = JSON.parse(codeNotebook(['print one']));
    notebook.metadata = { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } };
    await writeFile(file, JSON.stringify(notebook));
    const output = join(folder, 'out-o');
    const refused = await run(['-o', output, file]);
    assert.equal(refused.code, 2, refused.out);
    assert.match(refused.out, /o\.ipynb is a notebook in python/);
    assert.equal((await run(['--kernel', fake, '-o', output, file])).code, 0);
  });

  test('two notebooks of one name are refused before anything runs', async () => {
    const file = await write(folder, 'm', 'print one');
    const { code, out } = await run(['--kernel', fake, '-o', join(folder, 'out-m'), file, join(folder, '../m.ipynb')]);
    assert.equal(code, 2);
    assert.match(out, /would be written to the same place/);
  });

  test('variables of the environment reach the kernel', async () => {
    const file = await write(folder, 'h', 'env GREETING');
    const output = join(folder, 'out-h');
    const { code, out } = await run(['--kernel', fake, '-e', 'GREETING=hello there', '-o', output, file]);
    assert.equal(code, 0, out);
    assert.match(await readFile(join(output, 'h.ipynb'), 'utf8'), /hello there/);
    assert.match(await readFile(join(output, 'index.html'), 'utf8'), /GREETING hello there/);
  });

  test('a matrix gives each set a notebook of its own, named in the report and in results.json', async () => {
    const file = join(folder, 'p.ipynb');
    const notebook = JSON.parse(codeNotebook(['let seed = 0;', 'print end']));
    notebook.cells[0].metadata.tags = ['parameters'];
    await writeFile(file, JSON.stringify(notebook));
    const output = join(folder, 'out-p');
    const { code, out } = await run(['--kernel', fake, '-o', output, file, '--matrix', 'seed=1,2']);
    assert.equal(code, 0, out);
    assert.match(await readFile(join(output, 'p@seed=2.ipynb'), 'utf8'), /injected-parameters[\s\S]*seed = 2;/);
    const { notebooks } = JSON.parse(await readFile(join(output, 'results.json'), 'utf8'));
    assert.deepEqual(
      notebooks.map((each: { source: string; parameters: object }) => [each.source, each.parameters]),
      [
        [file, { seed: 1 }],
        [file, { seed: 2 }],
      ],
    );
    assert.match(await readFile(join(output, 'index.html'), 'utf8'), /with seed 2</);
    const wrong = await run(['--kernel', fake, '-o', output, file, '-p', 'seed=x']);
    assert.equal(wrong.code, 2);
    assert.match(wrong.out, /seed = "x"; TS2322/);
  });

  test('a lost kernel is tried again when asked to, and named; a shard runs its part', {
    skip: slow('four runs'),
  }, async () => {
    const files = [
      await write(folder, 'q', `dies-once ${join(folder, 'died-1')}`),
      await write(folder, 'r', 'print one'),
      await write(folder, 's', 'dies'),
    ];
    const output = join(folder, 'out-q');
    const part = (words: string[]) => run(['--kernel', fake, '-o', output, ...words, ...files]);
    const first = await part(['--shard', '1/3', '--retries', '2']);
    assert.equal(first.code, 0, first.out);
    assert.match(first.out, /✓ q .*after 1 lost kernel: the kernel died \(exit code 7\)/);
    const { notebooks } = JSON.parse(await readFile(join(output, 'results.json'), 'utf8'));
    assert.deepEqual(
      notebooks.map(({ file, lost }: { file: string; lost: string[] }) => [file, lost.length]),
      [[files[0], 1]],
    );
    assert.match(await readFile(join(output, 'index.html'), 'utf8'), /An earlier attempt lost its kernel/);
    const third = await part(['--shard', '3/3', '--retries', '1']);
    assert.equal(third.code, 4);
    assert.equal((await part(['--shard', '4/4'])).out, 'shard 4/4 has no notebook\n');
  });
});
