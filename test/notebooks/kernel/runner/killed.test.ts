import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { codeNotebook } from '../../../support/notebook.js';
import { below, commandOf, survivors } from '../../../support/process-tree.js';
import { LAUNCHER } from '../client.js';

/** What the file holds as soon as it holds that; it is whole whenever it is looked at. */
const untilIt = async (file: string, holds: string): Promise<string> => {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const text = existsSync(file) ? await readFile(file, 'utf8') : '{}';
    JSON.parse(text);
    if (text.includes(holds)) return text;
    await new Promise(done => setTimeout(done, 10));
  }
  throw new Error(`${file} never held ${holds}`);
};

describe('a runner that is killed (-9)', { skip: process.platform === 'win32', timeout: 120_000 }, () => {
  let folder = '';
  before(() => {
    mkdirSync('.build', { recursive: true });
    folder = mkdtempSync(resolve('.build/killed-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  /** Runs a notebook until its last cell has printed, kills the runner, and looks what is left. */
  const kill = async (name: string, cell: string, beforehand: (kernel: number) => void = () => undefined) => {
    const file = join(folder, `${name}.ipynb`);
    await writeFile(
      file,
      codeNotebook(['console.log("one");', `console.log("two");\n${cell}`, 'console.log("three");']),
    );
    const original = await readFile(file, 'utf8');
    const temporary = mkdtempSync(join(folder, 'tmp-'));
    const env = { ...process.env, TMPDIR: temporary, TSNB_HISTORY: join(temporary, 'history.jsonl') };
    const output = join(folder, `out-${name}`);
    const runner = spawn(process.execPath, [LAUNCHER, 'run', '--in-place', '-o', output, file], {
      env,
      stdio: 'ignore',
    });
    let started: number[] = [];
    let text = '';
    try {
      text = await untilIt(join(output, `${name}.ipynb`), '"two\\n"');
    } finally {
      started = below(runner.pid!);
      beforehand(started.find(pid => /^\S*node\S* \S*tsnb.mjs kernel/.test(commandOf(pid)))!);
      runner.kill('SIGKILL');
    }
    assert.ok(started.length > 2, started.map(commandOf).join('\n'));
    const left = await survivors(started, 5000);
    const said = left.map(commandOf);
    for (const pid of left) process.kill(pid, 'SIGKILL');
    assert.deepEqual(said, []);
    assert.equal(await readFile(file, 'utf8'), original);
    const [first, second, third] = JSON.parse(text).cells;
    assert.deepEqual(first.outputs[0].text, ['one\n']);
    assert.deepEqual([second.outputs.length, third.outputs.length], [1, 0]);
    return temporary;
  };

  test('leaves nothing running and nothing of its connection, and what the cells had printed', async () => {
    const temporary = await kill('waits', 'await new Promise(() => {});');
    const folders = (await readdir(temporary)).filter(name => name.startsWith('tsnb-'));
    assert.deepEqual(folders, []);
  });

  test('ends a cell that loops for ever', async () => {
    await kill('loops', 'for (;;);');
  });

  test('ends what a cell waits for', async () => {
    await kill('child', "import { execSync } from 'node:child_process'; execSync('sleep 100');");
  });

  test('ends a kernel that does not react to anything', async () => {
    await kill('wedged', 'for (;;);', kernel => process.kill(kernel, 'SIGSTOP'));
  });
});
