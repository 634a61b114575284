import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { inject } from '../../../../notebooks/kernel/runner/parameters/inject.js';
import { parseNotebook } from '../../../../notebooks/kernel/runner/parse-notebook.js';
import { tagsOf } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import { slow } from '../../../support/slow.js';
import { LAUNCHER } from '../client.js';

/** Python's tools against the kernel, where they are installed: TSNB_PYTHON, the project's .venv, or python3. */
const here = dirname(fileURLToPath(import.meta.url));
const venv = join(here, '../../../../.venv/bin/python');
const python = process.env.TSNB_PYTHON ?? (existsSync(venv) ? venv : 'python3');
const lacking = (...modules: string[]): string | false => {
  const { status } = spawnSync(python, ['-c', modules.map(name => `import ${name}`).join('; ')]);
  return status === 0 ? false : `left out: ${python} lacks one of ${modules.join(', ')}`;
};

const directory = mkdtempSync(join(tmpdir(), 'tsnb-python-'));
const env = {
  ...process.env,
  JUPYTER_PATH: join(directory, 'share/jupyter'),
  TSNB_HISTORY: join(directory, 'history.jsonl'),
};
const run = (...args: string[]) => spawnSync(python, args, { cwd: directory, env, encoding: 'utf8', timeout: 120_000 });
before(() => void spawnSync(process.execPath, [LAUNCHER, 'install', '--prefix', directory]));
after(() => rmSync(directory, { recursive: true, force: true }));

const cell = (source: string, ...tags: string[]) => ({
  cell_type: 'code',
  id: `c${source.length}`,
  source,
  metadata: { tags },
  outputs: [],
  execution_count: null,
});

const notebook = (name: string, cells: object[]): string => {
  const kernelspec = { name: 'tsnb', display_name: 'TypeScript (tsnb)', language: 'typescript' };
  writeFileSync(
    join(directory, name),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells }),
  );
  return name;
};

interface Output {
  readonly output_type: string;
  readonly text?: string | string[];
  readonly data?: Record<string, unknown>;
}

const outputs = (name: string): Output[][] => {
  const { cells } = JSON.parse(readFileSync(join(directory, name), 'utf8')) as { cells: { outputs: Output[] }[] };
  return cells.map(each => each.outputs);
};

const textOf = (shown: readonly Output[]): string => shown.flatMap(({ text = [] }) => text).join('');

const LINES = 'for (let i = 0; i < 10_000; i++) console.log(i)';

describe("Python's tools", { skip: slow('each starts Python and a kernel') }, () => {
  it('jupyter_kernel_test: every method, no failed sub-test', { skip: lacking('jupyter_kernel_test') }, () => {
    const { stdout, stderr } = run(join(here, 'conformance.py'));
    const { ran, failed, skipped } = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Record<string, unknown>;
    assert.deepEqual({ ran, failed, skipped }, { ran: 12, failed: [], skipped: [] }, stderr);
  });

  it('nbconvert keeps 10,000 lines, and the cells after an expected error run', { skip: lacking('nbconvert') }, () => {
    const cells = [
      cell(LINES),
      cell('throw new Error("expected")', 'raises-exception'),
      cell('const x: number = 20'),
      cell('2 * x'),
    ];
    const name = notebook('lines.ipynb', cells);
    const { status, stderr } = run('-m', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', name);
    assert.equal(status, 0, stderr);
    const [lines = [], error = [], , result = []] = outputs(name);
    assert.equal(textOf(lines).split('\n').length, 10_001);
    assert.equal(error[0]?.output_type, 'error');
    assert.equal([result[0]?.data?.['text/plain']].flat().join(''), '40');
  });

  it('nbconvert fails on an error that nobody caught', { skip: lacking('nbconvert') }, () => {
    const name = notebook('lost.ipynb', [cell('Promise.reject(new Error("lost")); 1')]);
    const { status, stderr } = run('-m', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', name);
    assert.notEqual(status, 0);
    assert.match(stderr, /lost/);
  });

  it('nbmake fails what fails and passes what passes', { skip: lacking('nbmake', 'pytest') }, () => {
    notebook('good.ipynb', [cell('1 + 1')]);
    notebook('bad.ipynb', [cell('const wrong: number = "text"')]);
    assert.equal(run('-m', 'pytest', '-q', '--nbmake', 'good.ipynb').status, 0);
    assert.equal(run('-m', 'pytest', '-q', '--nbmake', 'bad.ipynb').status, 1);
  });

  it('nbval compares outputs', { skip: lacking('nbval', 'nbconvert') }, () => {
    const name = notebook('compared.ipynb', [cell('console.log("a"); [1, 2]'), cell('({ b: 2 })')]);
    run('-m', 'nbconvert', '--to', 'notebook', '--execute', '--inplace', name);
    const { status, stdout } = run('-m', 'pytest', '-q', '-p', 'no:nbmake', '--nbval', name);
    assert.equal(status, 0, stdout);
    const changed = readFileSync(join(directory, name), 'utf8').replace('[ 1, 2 ]', '[ 1, 3 ]');
    writeFileSync(join(directory, name), changed);
    assert.equal(run('-m', 'pytest', '-q', '-p', 'no:nbmake', '--nbval', name).status, 1);
  });

  it('papermill runs, with typed parameters through our translator', { skip: lacking('papermill') }, () => {
    notebook('parameters.ipynb', [cell('let rate = 1; let label: string = "a";', 'parameters'), cell('[rate, label]')]);
    const translator = join(here, '../../../../notebooks/kernel/jupyter/papermill_tsnb.py');
    const label = `it's "b"`;
    const words = ['-p', 'rate', '2.5', '-p', 'label', label];
    const { status, stderr } = run(translator, 'parameters.ipynb', 'out.ipynb', ...words);
    assert.equal(status, 0, stderr);
    const last = outputs('out.ipynb').at(-1) ?? [];
    assert.equal([last[0]?.data?.['text/plain']].flat().join(''), `[ 2.5, \`it's "b"\` ]`);
    // The runner sets them in the same way.
    const read = (name: string) => parseNotebook(readFileSync(join(directory, name), 'utf8'), name);
    const [, put] = read('out.ipynb').cells;
    const [, own] = inject(read('parameters.ipynb'), { rate: 2.5, label }).cells;
    assert.deepEqual([put?.source.trimEnd(), tagsOf(put!)], [own?.source, tagsOf(own!)]);
  });

  it('jupyter_client starts it with CurveZMQ keys', { skip: lacking('jupyter_client') }, () => {
    const script = `
from jupyter_client.manager import KernelManager
km = KernelManager(kernel_name='tsnb', transport_encryption='required')
km.start_kernel()
kc = km.client(); kc.start_channels(); kc.wait_for_ready(timeout=20)
seen = []
kc.execute_interactive('1 + 1', timeout=20, output_hook=lambda m: seen.append(m['msg_type']))
print(km.curve_publickey is not None, seen)
kc.stop_channels(); km.shutdown_kernel()
`;
    const { stdout, stderr } = run('-W', 'ignore', '-c', script);
    if (/transport_encryption|curve_publickey/.test(stderr)) return; // An older jupyter_client.
    assert.match(stdout, /True \[.*'execute_result'.*\]/, stderr);
  });
});
