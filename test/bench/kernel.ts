/**
 * How soon a kernel answers, beside others: tsnb, tslab, Deno's and ipykernel, each where it is installed.
 * Medians over several starts and cells, as a client sees them: from the request to the reply and `idle`.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCompiler } from '../../notebooks/kernel/compiler/compiler.js';
import { findProject } from '../../notebooks/kernel/project/project.js';
import { type Client, LAUNCHER, withKernel } from '../notebooks/kernel/client.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const STARTS = 5;
const CELLS = 20;
const LONG_LIFE = 1000;

interface Kernel {
  readonly name: string;
  readonly command: readonly string[];
  readonly declare: (index: number) => string;
  readonly tfjs?: { readonly load: string; readonly use: (index: number) => string };
}

const typescript = {
  declare: (index: number) => `const value${index}: number = ${index};`,
  tfjs: {
    load: 'import * as tf from "@tensorflow/tfjs"; const t0 = tf.scalar(0);',
    use: (index: number) => `const t${index} = tf.add(t0, ${index});`,
  },
};

const python = join(ROOT, '.venv/bin/python');
const tslab = join(ROOT, 'node_modules/.bin/tslab');

/** The `deno` of TSNB_DENO or of PATH, otherwise that of npm, which is put into .cache on first use. */
const deno = (): string | undefined => {
  if (process.env.TSNB_DENO) return process.env.TSNB_DENO;
  const { status, stdout } = spawnSync('sh', ['-c', 'command -v deno'], { encoding: 'utf8' });
  if (status === 0) return stdout.trim();
  const folder = join(ROOT, '.cache/deno');
  // the program itself, without the script before it
  const programs = () => {
    const scope = join(folder, 'node_modules/@deno');
    return existsSync(scope) ? readdirSync(scope).map(name => join(scope, name, 'deno')) : [];
  };
  if (programs().length === 0) {
    console.error('installing Deno into .cache, for this benchmark alone');
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
    spawnSync('npm', ['install', '--prefix', folder, ...options, 'deno@2.9.6'], { stdio: ['ignore', 2, 2] });
  }
  const [program] = programs().filter(existsSync);
  if (program === undefined) console.error('Deno could not be installed; its row is left out');
  return program;
};

const kernels = (): Kernel[] => {
  const found: Kernel[] = [
    { name: 'tsnb', command: [process.execPath, LAUNCHER, 'kernel', '--connection-file', '{file}'], ...typescript },
  ];
  if (existsSync(tslab))
    found.push({ name: 'tslab', command: [tslab, 'kernel', '--config-path={file}'], ...typescript });
  const program = deno();
  if (program !== undefined) {
    const load = 'import * as tf from "npm:@tensorflow/tfjs"; const t0 = tf.scalar(0);';
    const command = [program, 'jupyter', '--kernel', '--conn', '{file}'];
    found.push({ name: 'Deno', command, ...typescript, tfjs: { ...typescript.tfjs, load } });
  }
  if (spawnSync(python, ['-c', 'import ipykernel']).status === 0) {
    const command = [python, '-m', 'ipykernel_launcher', '-f', '{file}'];
    found.push({ name: 'ipykernel', command, declare: index => `value${index}: int = ${index}` });
  }
  return found;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const timed = async (kernel: Client, code: string): Promise<number> => {
  const start = performance.now();
  const { reply } = await kernel.execute(code);
  if (reply.content.status !== 'ok') throw new Error(`${code}: ${JSON.stringify(reply.content)}`);
  return performance.now() - start;
};

const repeated = async (kernel: Client, code: (index: number) => string): Promise<number> => {
  const times: number[] = [];
  for (let index = 1; index <= CELLS + 3; index++) times.push(await timed(kernel, code(index)));
  return median(times.slice(3));
};

/** Resident memory of a process and all its descendants, MB. Linux only. */
const memory = (pid: number): number => {
  if (!existsSync('/proc/self/statm')) return Number.NaN;
  const parents = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(name => {
      try {
        const [, parent] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]!.split(' ');
        return [[Number(name), Number(parent)] as const];
      } catch {
        return [];
      }
    });
  const family = new Set([pid]);
  for (let size = 0; size !== family.size; ) {
    size = family.size;
    for (const [child, parent] of parents) if (family.has(parent)) family.add(child);
  }
  const pages = [...family].map(each => Number(readFileSync(`/proc/${each}/statm`, 'utf8').split(' ')[1]));
  const page = Number(execFileSync('getconf', ['PAGESIZE'], { encoding: 'utf8' }));
  return (pages.reduce((sum, count) => sum + count, 0) * page) / 2 ** 20;
};

interface Row {
  readonly start: number;
  readonly sum: number;
  readonly again: number;
  readonly declare: number;
  readonly load: number;
  readonly after: number;
  readonly memory: number;
  readonly later: number;
}

const timeToStart = async (kernel: Client): Promise<number> => {
  await kernel.request('kernel_info_request', {});
  return kernel.firstReply() - kernel.started;
};

const measure = async (kernel: Kernel): Promise<Row> => {
  process.stderr.write(`  ${kernel.name}\n`);
  const { command } = kernel;
  const starts: number[] = [];
  for (let i = 0; i < STARTS; i++) starts.push(await withKernel({ command }, timeToStart));
  const rest = await withKernel({ command }, client => cells(client, kernel));
  return { start: median(starts), ...rest };
};

const cells = async (kernel: Client, { name, declare, tfjs }: Kernel): Promise<Omit<Row, 'start'>> => {
  await kernel.request('kernel_info_request', {});
  const sum = await repeated(kernel, index => `1+${index}`);
  const again = await repeated(kernel, () => '1+1');
  const declaring = await repeated(kernel, declare);
  // A kernel may not find the package: Deno without the network.
  const load = tfjs ? await timed(kernel, tfjs.load).catch(() => Number.NaN) : Number.NaN;
  const after = tfjs && Number.isFinite(load) ? await repeated(kernel, tfjs.use) : Number.NaN;
  const young = memory(kernel.pid);
  // tslab needs 0.1 s a cell by now: its growth shows after fewer.
  const life = name === 'tslab' ? LONG_LIFE / 10 : LONG_LIFE;
  for (let i = 0; i < life; i++) await timed(kernel, declare(i % 50));
  const old = memory(kernel.pid);
  return { sum, again, declare: declaring, load, after, memory: young, later: old };
};

/** The part of the import that is TypeScript's: what the kernel does before it begins to load tfjs. */
const importCheck = (): number => {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) {
    const compiler = createCompiler(findProject(ROOT));
    compiler.check('1+1');
    const start = performance.now();
    if (!compiler.check(typescript.tfjs.load).ok) throw new Error('the import of tfjs does not type-check');
    times.push(performance.now() - start);
    compiler.close();
  }
  return median(times);
};

const shown = (value: number): string =>
  Number.isNaN(value) ? '–' : value < 10 ? value.toFixed(1) : String(Math.round(value));

const main = async (): Promise<void> => {
  // Node reads these certificates at every start, which takes longer than all else; no kernel here needs them.
  delete process.env.NODE_EXTRA_CA_CERTS;
  spawnSync(process.execPath, [join(ROOT, 'notebooks/kernel/bin/build.mjs')]);
  console.log(
    `Medians in ms; ${cpus().length} cores of ${cpus()[0]?.model}, Node ${process.versions.node}. Only tsnb checks types strictly;`,
  );
  console.log(
    `Deno and ipykernel check none. Memory (MB) of all processes, before and after ${LONG_LIFE} declaring cells (tslab: ${LONG_LIFE / 10}).`,
  );
  console.log(
    `Of tsnb's import of tfjs, ${shown(importCheck())} ms are its check. A cell that is run again is checked again only if something that it sees has changed.\n`,
  );
  console.log(
    '| kernel | start → kernel_info | `1+1`, `1+2`, … | `1+1` again | declaring cell | import of tfjs | declaring cell after it | memory | later |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
  for (const kernel of kernels()) {
    const row = await measure(kernel).catch(({ message }: Error) => void console.error(`${kernel.name}: ${message}`));
    if (!row) continue;
    const { start, sum, again, declare, load, after, memory: young, later } = row;
    console.log(
      `| ${[kernel.name, ...[start, sum, again, declare, load, after, young, later].map(shown)].join(' | ')} |`,
    );
  }
};

await main();
