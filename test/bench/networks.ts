/**
 * Training of CIFAR-10's DDPM++ beside PyTorch, in images a second: the small preset and the paper's, whole steps with
 * loss, gradient, clipping, Adam and average. The contestants take turns. `networks.ts [PART OF A TITLE…]`
 */
import { presets } from '../../lib/models/index.js';
import { describeBackend, startBackend } from '../../notebooks/backend/index.js';
import { local, race, remote } from './compile/race.js';
import { markdown, ratio, type Timing } from './compile/table.js';
import { parametersOf, type Task } from './compile/tasks.js';
import { torchPython } from './compile/torch.js';

const task = (name: 'CIFAR-10 small, DDPM++, VP' | 'CIFAR-10, DDPM++, VP', batch: number, runs: number): Task => {
  const { network, size } = presets[name]();
  const shape = [batch, size, size, network.channels] as const;
  return { name: 'train', title: `${name}, batch of ${batch}`, kind: 'DDPM++', network, shape, steps: 1, runs };
};
const tasks = [task('CIFAR-10 small, DDPM++, VP', 16, 15), task('CIFAR-10, DDPM++, VP', 4, 7)];

const imagesPerSecond = (seconds: Timing | undefined, batch: number): string => {
  if (!seconds) return '–';
  const pace = batch / seconds.median;
  return `${pace.toPrecision(3)} ± ${((pace * seconds.spread) / seconds.median).toPrecision(2)}`;
};

const compare = async (work: Task, python: string | undefined): Promise<string[]> => {
  console.error(`  ${work.title}`);
  const [eager, compiled] = [local(work, false), local(work, true)];
  const entrants = [eager, compiled, await remote(work, false, python), await remote(work, true, python)];
  const times = await race(entrants, work.runs);
  for (const entrant of entrants) entrant?.close();
  const paces = times.map(seconds => imagesPerSecond(seconds, work.shape[0]));
  console.error(`    ${paces.join(' | ')}`);
  const [, b, c, d] = times;
  return [work.title, `${(parametersOf(work) / 1e6).toFixed(2)} M`, ...paces, ratio(c, b), ratio(d, b)];
};

const head = [
  'images a second in training',
  'parameters',
  'eager',
  'compiled',
  'PyTorch',
  'torch.compile',
  'compiled over PyTorch',
  'compiled over torch.compile',
];

const wanted = process.argv.slice(2);
const report = await startBackend('tensorflow');
const python = torchPython();
const rows: string[][] = [];
for (const each of tasks) {
  if (wanted.length === 0 || wanted.some(part => each.title.includes(part))) rows.push(await compare(each, python));
}
const machine = describeBackend(report).map(({ item, value }) => `${item} ${value}`);
console.log(`${machine.join('; ')}. Medians ± half the distance between the quartiles.\n`);
console.log(markdown(head, rows));
process.exit(0);
