/**
 * Compares the library eager, the library compiled, PyTorch eager and torch.compile, side by side: the contestants
 * take turns, so that whatever else the machine does falls on all of them. `compile.ts [PART OF A TITLE…]`
 */
import { setTimeout as pause } from 'node:timers/promises';
import { describeBackend, startBackend } from '../../notebooks/backend/index.js';
import { tasks } from './compile/list.js';
import { flatMemory } from './compile/memory.js';
import { overheads } from './compile/overhead.js';
import { markdown, milliseconds, ratio, type Timing, timing } from './compile/table.js';
import { contestant, parametersOf, type Task } from './compile/tasks.js';
import { type TorchWorker, torchPython, torchWorker } from './compile/torch.js';

interface Entrant {
  /** Runs once, and says how long that took in seconds. */
  once(): Promise<number>;
  close(): void;
}

const clock = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

/** Calls before the measurement: the compiled function is traced in two, and compiled in the third. */
const WARM = 4;

const local = (task: Task, compiled: boolean): Entrant & { cold: number } => {
  const entrant = contestant(task, compiled);
  const cold = Array.from({ length: WARM }, () => clock(entrant.run));
  return { cold: Math.max(...cold), once: async () => clock(entrant.run), close: entrant.dispose };
};

const remote = async (task: Task, compiled: boolean, python: string | undefined): Promise<Entrant | undefined> => {
  if (!python) return undefined;
  const worker: TorchWorker = torchWorker(python);
  await worker.prepare(task, compiled);
  return { once: async () => (await worker.run(1))[0]!, close: worker.close };
};

/** Turns about, each after a pause in which the threads of the one before go to sleep. */
const race = async (entrants: readonly (Entrant | undefined)[], runs: number): Promise<(Timing | undefined)[]> => {
  const seconds = entrants.map((): number[] => []);
  for (let i = 0; i < runs; i++) {
    for (const [k, entrant] of entrants.entries()) {
      if (!entrant) continue;
      await pause(50);
      seconds[k]!.push(await entrant.once());
    }
  }
  return seconds.map((list, k) => (entrants[k] ? timing(list) : undefined));
};

const compare = async (task: Task, python: string | undefined): Promise<string[]> => {
  console.error(`  ${task.title}`);
  const eager = local(task, false);
  const compiled = local(task, true);
  const torch = [await remote(task, false, python), await remote(task, true, python)];
  const entrants = [eager, compiled, ...torch];
  const [a, b, c, d] = await race(entrants, task.runs);
  for (const entrant of entrants) entrant?.close();
  const cells = [a, b, c, d].map(milliseconds);
  console.error(`    ${cells.join(' | ')}`);
  const millions = `${(parametersOf(task) / 1e6).toFixed(2)} M`;
  return [task.title, millions, ...cells, ratio(b, a), ratio(b, c), ratio(b, d), compiled.cold.toFixed(1)];
};

const head = [
  'milliseconds',
  'parameters',
  'eager',
  'compiled',
  'PyTorch',
  'torch.compile',
  'compiled / eager',
  'compiled / PyTorch',
  'compiled / torch.compile',
  'slowest first call, s',
];

const wanted = process.argv.slice(2);
const chosen = (title: string) => wanted.length === 0 || wanted.some(part => title.includes(part));
const report = await startBackend('tensorflow');
const python = torchPython();
const rows: string[][] = [];
for (const task of tasks) if (chosen(task.title)) rows.push(await compare(task, python));
const machine = describeBackend(report).map(({ item, value }) => `${item} ${value}`);
console.log(`${machine.join('; ')}. Medians ± half the distance between the quartiles.\n`);
if (rows.length > 0) console.log(`${markdown(head, rows)}\n`);
if (chosen('overhead')) console.log(`${overheads()}\n`);
if (chosen('memory')) console.log(flatMemory());
process.exit(0);
