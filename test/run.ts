/**
 * Runs every test below test/ (those under test/slow only when asked: `test/run.ts slow`). FAST=1 leaves out what says
 * of itself that it is slow.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';
import { leftOut } from './support/left-out.js';
import { slowest } from './support/slowest.js';

process.chdir(fileURLToPath(new URL('../', import.meta.url)));
const wanted = process.argv[2] ?? '';

/** The slow ones begin, so that none of them is left to run alone at the end. */
const rank = (file: string): number => (readFileSync(file, 'utf8').includes('slow(') ? 0 : 1);

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.test.ts'))
  .filter(name => (wanted === '' ? !name.startsWith('slow') : join('test', name).includes(wanted)))
  .map(name => join('test', name))
  .sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
if (files.length === 0) throw new Error(`no test file matches "${wanted}"`);

process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
process.env.BACKEND = '';
process.env.ACCELERATOR = '';

const events = run({ files, concurrency: 2 });
events.setMaxListeners(0); // each reporter adds several
events.on('test:fail', () => {
  process.exitCode = 1;
});
for (const reporter of [new spec(), leftOut, slowest]) events.compose(reporter).pipe(process.stdout);
