import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { parseNotebook } from '../../../../../notebooks/kernel/runner/parse-notebook.js';
import { type Environment, environment } from '../../../../../notebooks/kernel/runner/record/environment.js';
import { withOrigin } from '../../../../../notebooks/kernel/runner/record/provenance.js';
import type { NotebookRun } from '../../../../../notebooks/kernel/runner/record/result-types.js';
import { differs, verify } from '../../../../../notebooks/kernel/runner/review/verify.js';
import { cleanText, recordText } from '../../../../../notebooks/kernel/runner/write-notebook.js';
import { codeNotebook } from '../../../../support/notebook.js';

const folder = mkdtempSync(join(tmpdir(), 'verify-'));
const source = join(folder, 'a.ipynb');
const executed = join(folder, 'executed.ipynb');
after(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, 'package.json'), '{ "version": "1.0.0" }');
writeFileSync(join(folder, 'package-lock.json'), '{}');

const result = {
  output_type: 'display_data',
  data: { 'text/plain': '1\n2', 'application/json': { b: [1], a: -0 } },
  metadata: {},
} as const;
const runOf = (about: Environment): string => {
  const notebook = parseNotebook(readFileSync(source, 'utf8'), source);
  const cells = notebook.cells.map(cell => ({
    ...cell,
    outputs: [result, { output_type: 'stream', name: 'stdout', text: 'x\r\ny' }],
  }));
  const run = {
    file: source,
    notebook: { ...notebook, cells },
    cells: [{ index: 0, status: 'ok', milliseconds: 1234 }],
    status: 'ok',
    started: new Date(0),
    milliseconds: 1234,
    provenance: { kernel: 'fake', cpuSeconds: 1 },
  } as NotebookRun;
  return recordText(withOrigin(run, about));
};

beforeEach(() => {
  writeFileSync(source, codeNotebook(['1 + 1;']));
  writeFileSync(executed, runOf(environment(folder, {})));
});
const different = (): string[] =>
  verify(executed)
    .filter(differs)
    .map(({ fact }) => fact);

test('a run that nothing has touched is as it says', () => {
  assert.deepEqual(different(), []);
});

test('an output that was retouched, code that was edited in either place, are named', () => {
  const text = readFileSync(executed, 'utf8');
  writeFileSync(executed, text.replace('"2"', '"3"'));
  assert.deepEqual(different(), ['outputs']);
  writeFileSync(executed, text.replace('1 + 1;', '1 + 2;'));
  assert.deepEqual(different(), ['code']);
  writeFileSync(executed, text);
  writeFileSync(source, codeNotebook(['1 + 3;']));
  assert.deepEqual(different(), [`code of ${source}`]);
  rmSync(source);
  const [, , gone] = verify(executed);
  assert.equal(gone?.now, undefined);
});

test('another commit, lock file, version, machine or number of threads is named', () => {
  const about = environment(folder, {});
  const other: Environment = {
    ...about,
    commit: 'abc',
    lock: '0',
    versions: { ...about.versions, node: '0' },
    machine: 'other',
    threads: '99',
    variables: { SCALE: 'full' },
  };
  writeFileSync(executed, runOf(other));
  assert.deepEqual(different(), ['commit', 'lock file', 'versions', 'machine', 'threads', 'environment']);
});

test('what is committed says nothing of a run', () => {
  const clean = cleanText(parseNotebook(readFileSync(executed, 'utf8'), executed));
  assert.doesNotMatch(clean, /tsnb|seconds|machine/);
  writeFileSync(executed, clean);
  assert.throws(() => verify(executed), /executed\.ipynb does not say where it comes from/);
});
