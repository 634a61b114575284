/** Runs every test below test/ (the slow ones under test/slow only when asked: `test/run.ts slow`). */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
const wanted = process.argv[2] ?? '';

const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.ts'))
  .filter(name => (wanted === '' ? !name.startsWith('slow') : join('test', name).includes(wanted)))
  .map(name => join('test', name))
  .sort();
if (files.length === 0) throw new Error(`no test file matches "${wanted}"`);

const reporters = ['spec', './test/support/left-out.mjs'].flatMap(reporter => [
  `--test-reporter=${reporter}`,
  '--test-reporter-destination=stdout',
]);
const { status } = spawnSync(
  process.execPath,
  ['--import', 'tsx', '--test', '--test-concurrency=2', ...reporters, ...files],
  { cwd: root, stdio: 'inherit', env: { TF_CPP_MIN_LOG_LEVEL: '3', ...process.env, BACKEND: '' } },
);
process.exit(status ?? 1);
