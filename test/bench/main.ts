/**
 * Runs the benchmarks, `main.ts [NAME…]`, and puts each table into the README beside it, between its two marks. A benchmark is a
 * program here that prints a Markdown table, with the hardware it ran on, on stdout and its progress on stderr.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeAtomic } from '../../notebooks/files/atomic.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const readme = join(here, 'README.md');

const known = readdirSync(here)
  .filter(name => name.endsWith('.ts') && name !== 'main.ts')
  .map(name => name.slice(0, -3))
  .sort();

/** Text with what stands between a benchmark's marks replaced; the same text where it has none. */
function insert(text: string, name: string, table: string): string {
  const [open, close] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [start, end] = [text.indexOf(open), text.indexOf(close)];
  if (start < 0 || end < start) return text;
  return `${text.slice(0, start + open.length)}\n${table.trim()}\n${text.slice(end)}`;
}

function record(name: string, table: string): void {
  const before = readFileSync(readme, 'utf8');
  const after = insert(before, name, table);
  if (after !== before) writeAtomic(readme, after);
}

const wanted = process.argv.slice(2);
const unknown = wanted.find(name => !known.includes(name));
if (unknown !== undefined) throw new Error(`no benchmark "${unknown}"; there are ${known.join(', ')}`);

for (const name of wanted.length > 0 ? wanted : known) {
  console.error(`bench ${name}`);
  const done = spawnSync(process.execPath, ['--import', 'tsx', join(here, `${name}.ts`)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
    env: { TF_CPP_MIN_LOG_LEVEL: '3', ...process.env },
  });
  process.stdout.write(done.stdout);
  if (done.status !== 0) process.exit(done.status ?? 1);
  record(name, done.stdout);
}
