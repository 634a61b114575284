import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { claim, claimAlone } from '../../../notebooks/files/claim.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claim-'));
  path = join(folder, 'run.safetensors');
});
afterEach(() => rmSync(folder, { recursive: true }));

const module = new URL('../../../notebooks/files/claim.ts', import.meta.url).href;

/** Another process that claims the path, says what it got, and lives until it is ended. */
const other = async (): Promise<{ child: ChildProcess; got: string }> => {
  const program = `import { claim, claimAlone } from '${module}';
    console.log(claim(${JSON.stringify(path)}).path);
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout!, 'data');
  return { child, got: String(line).trim() };
};

const end = async ({ child }: { child: ChildProcess }): Promise<void> => {
  child.kill('SIGKILL');
  await once(child, 'exit');
};

test('a claim holds for the process, again when it asks again, and until it is released', async () => {
  const mine = claim(path);
  assert.equal(mine.path, path);
  assert.equal(claim(path).path, path);
  const second = await other();
  assert.equal(second.got, join(folder, 'run-2.safetensors'));
  mine.release();
  const third = await other();
  assert.equal(third.got, path);
  await Promise.all([second, third].map(end));
});

test('what is claimed alone is nobody else’s, in this process or in another, until it is released', async () => {
  const mine = claimAlone(path);
  assert.equal(mine?.path, path);
  assert.equal(claimAlone(path), undefined);
  mine.release();
  const theirs = await other();
  assert.equal(theirs.got, path);
  assert.equal(claimAlone(path), undefined);
  await end(theirs);
  assert.equal(claimAlone(path)?.path, path);
});

test('a process that has died owns nothing', async () => {
  const dead = await other();
  assert.equal(dead.got, path);
  await end(dead);
  assert.ok(existsSync(`${path}.lock`));
  assert.equal(claim(path).path, path);
});

const noProc = !existsSync('/proc/self/stat') && 'processes do not tell here when they began';
test('nor does one whose number another process has by now', { skip: noProc }, () => {
  writeFileSync(`${path}.lock`, `${process.pid} 1`);
  assert.equal(claim(path).path, path);
  assert.match(readFileSync(`${path}.lock`, 'utf8'), new RegExp(`^${process.pid} \\d\\d+$`));
});

test('of several that find a dead one, each gets a path of its own, and only locks are left', async () => {
  await end(await other());
  const all = await Promise.all([1, 2, 3].map(other));
  const names = ['run.safetensors', 'run-2.safetensors', 'run-3.safetensors'];
  assert.deepEqual(all.map(({ got }) => got).sort(), names.map(name => join(folder, name)).sort());
  assert.deepEqual(readdirSync(folder).sort(), names.map(name => `${name}.lock`).sort());
  await Promise.all(all.map(end));
});
