import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { float32 } from '../../../lib/train/safetensors.js';
import { type Checkpoint, openCheckpoint } from '../../../notebooks/cell/checkpoint.js';
import { codeNotebook } from '../../support/notebook.js';

let root: string;
let said: string[];
const cells = ['const rate = 1e-3;', "const kept = openCheckpoint('run', …);\nwhile (…) train();", 'draw();'];

const write = (name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true });
  writeFileSync(join(root, name), text);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  said = [];
  write('notebooks/n.ipynb', codeNotebook(cells));
  write('lib/train/update.ts', 'export const rate = 1;');
  write('data/mnist.ts', '');
  write('notebooks/backend/index.ts', '');
  write('package-lock.json', '{}');
});
afterEach(() => rmSync(root, { recursive: true }));

const open = (made: unknown = { seed: 0 }): Checkpoint =>
  openCheckpoint('run', { notebook: 'notebooks/n.ipynb', made }, { root, say: line => said.push(line) });

const archive = { tensors: new Map([['w', float32(Float32Array.of(1, 2), [2])]]), metadata: { steps: '500' } };

test('a training that was cut off goes on, also when cells after it have changed', () => {
  assert.equal(open().load(), undefined);
  open().save(archive);
  write('notebooks/n.ipynb', codeNotebook([...cells.slice(0, 2), 'draw(again);']));
  const found = open().load();
  assert.deepEqual([...(found?.tensors.get('w')?.values ?? [])], [1, 2]);
  assert.equal(found?.metadata.steps, '500');
  assert.deepEqual(said, []);
});

const changes: Readonly<Record<string, () => unknown>> = {
  'a module of the library': () => write('lib/train/update.ts', 'export const rate = 0;'),
  'a module that is new': () => write('lib/new.ts', ''),
  'a cell before the training': () => write('notebooks/n.ipynb', codeNotebook(['const rate = 0;', ...cells.slice(1)])),
  'the cell of the training': () => write('notebooks/n.ipynb', codeNotebook([cells[0]!, `${cells[1]}// other`])),
  'a package': () => write('package-lock.json', '{"version":2}'),
  'a setting': () => ({ seed: 1 }),
};
for (const [what, change] of Object.entries(changes)) {
  test(`after a change of ${what} the old file is put aside, and that is said`, () => {
    open().save(archive);
    const made = change();
    const checkpoint = open(made);
    assert.equal(checkpoint.load(), undefined);
    assert.match(said.join('\n'), /^\.cache.run\.safetensors was made by other code or settings: put aside as .*aside/);
    assert.deepEqual(readdirSync(join(root, '.cache')).sort(), ['run.safetensors.aside', 'run.safetensors.lock']);
  });
}

test('the best so far is kept apart, also over a restart, and only that of the same run counts', () => {
  const checkpoint = open();
  assert.equal(checkpoint.loadBest(), undefined);
  assert.deepEqual(
    [3, 1, 2, 1, Number.NaN].map(figure => checkpoint.saveBest(figure, archive)),
    [true, true, false, false, false],
  );
  assert.equal(open().saveBest(1.5, archive), false);
  assert.equal(open().loadBest()?.metadata.best, '1');
  const other = open({ seed: 1 });
  assert.equal(other.loadBest(), undefined);
  assert.equal(other.saveBest(9, archive), true);
});

test('it names the last good state', () => {
  const checkpoint = open();
  assert.match(checkpoint.lastGood(), /^the start: nothing/);
  checkpoint.save(archive);
  assert.equal(checkpoint.lastGood(), `${join('.cache', 'run.safetensors')}, step 500`);
  const again = open();
  again.load();
  assert.equal(again.lastGood(), checkpoint.lastGood());
});

test('at the end nothing is left', () => {
  const checkpoint = open();
  checkpoint.save(archive);
  checkpoint.saveBest(1, archive);
  checkpoint.remove();
  assert.deepEqual(readdirSync(join(root, '.cache')), []);
});

test('beside a run that lives it takes a file of its own, and says so', async () => {
  const claiming = new URL('../../../notebooks/files/claim.ts', import.meta.url).href;
  const program = `import { claim } from '${claiming}';
    claim(${JSON.stringify(join(root, '.cache', 'run.safetensors'))});
    console.log('has it');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
  try {
    await once(child.stdout, 'data');
    assert.equal(open().path, join('.cache', 'run-2.safetensors'));
    assert.match(said.join(''), /^another run has .cache.run\.safetensors; this one keeps .*run-2\.safetensors$/);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test('a notebook that does not open the checkpoint is an error', () => {
  write('notebooks/n.ipynb', codeNotebook(['train();']));
  assert.throws(() => open(), /no code cell of notebooks.n\.ipynb holds "openCheckpoint\("/);
  assert.ok(!existsSync(join(root, '.cache')));
});
