/**
 * Compares the library eager, the library compiled, PyTorch eager and torch.compile, side by side: the contestants
 * take turns, so that whatever else the machine does falls on all of them. `compile.ts [PART OF A TITLE…]`
 */
import { describeBackend, startBackend } from '../../notebooks/backend/index.js';
import { tasks } from './compile/list.js';
import { flatMemory } from './compile/memory.js';
import { overheads } from './compile/overhead.js';
import { local, race, remote } from './compile/race.js';
import { markdown, milliseconds, ratio } from './compile/table.js';
import { parametersOf, type Task } from './compile/tasks.js';
import { torchPython } from './compile/torch.js';

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
