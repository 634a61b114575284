/**
 * What it costs that processes train together: an all-reduce between two on the loopback interface, a step with one and
 * with two, and, computed from that, what many machines would give. `cluster.ts`
 */
import { spawn } from 'node:child_process';
import { cpus } from 'node:os';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/port.js';
import { allReduceSeconds, type Cost, efficiency, fitted } from './cluster/cost.js';
import type { Measured } from './cluster/worker.js';
import { markdown, milliseconds, timing } from './compile/table.js';

const worker = fileURLToPath(new URL('cluster/worker.ts', import.meta.url));

const measure = async (count: number): Promise<Measured> => {
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  const said = await Promise.all(
    ports.map((_, index) => {
      const words = ['--import', 'tsx', worker, String(index), ...ports.map(String)];
      return text(spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] }).stdout);
    }),
  );
  if (said[0] === '') throw new Error('task 0 measured nothing');
  return JSON.parse(said[0]!);
};

console.error('  one process');
const one = await measure(1);
console.error('  two processes');
const two = await measure(2);

const reduced = two.reduce.map(([n, seconds]) => ({ n, time: timing(seconds) }));
const loopback = fitted(reduced.map(({ n, time }) => [n, time.median]));
/** What the processes themselves take is what they take here; the wire comes on top. */
const wired = (rate: number): Cost => ({
  latency: loopback.latency,
  bandwidth: 1 / (1 / loopback.bandwidth + 8 / (rate * 1e9)),
});
const networks: readonly (readonly [string, Cost])[] = [
  ['no wire', loopback],
  ...[1, 10, 100].map(rate => [`${rate} Gbit/s`, wired(rate)] as const),
];
const step = timing(one.steps);

console.log(
  `${cpus()[0]?.model.trim()}, ${cpus().length} cores, Node ${process.version}. Both processes share them.\n`,
);
console.log(
  markdown(
    ['numbers of a vector', 'mean of two processes, ms', 'MB/s'],
    reduced.map(({ n, time }) => [
      n.toLocaleString('en'),
      milliseconds(time),
      ((4 * n) / time.median / 1e6).toFixed(0),
    ]),
  ),
);
console.log(`
A round takes ${(1e6 * loopback.latency).toFixed(0)} µs and ${(loopback.bandwidth / 1e6).toFixed(0)} MB/s, by least squares.

${markdown(
  [`${one.title}, ${(one.parameters / 1e6).toFixed(2)} M`, 'ms a step'],
  [
    ['one process, the whole batch', milliseconds(step)],
    ['two processes, half of it each', milliseconds(timing(two.steps))],
  ],
)}

On paper: N machines, each with the whole batch of the table above, at ${milliseconds(step)} ms. The mean over N of P numbers takes
2(N − 1)(a + 4P/(N b)) with the latency a of a round, that of the loopback interface, and 1/b = 1/(measured here) + 1/(wire)
for the bandwidth b in bytes a second. A cell is the mean's time in ms and the share of a step that is left for computing.

${markdown(
  ['parameters', 'network', ...[2, 8, 64].map(n => `${n} machines`)],
  [one.parameters, 6e7].flatMap(p =>
    networks.map(([name, cost]) => [
      `${(p / 1e6).toPrecision(2)} M`,
      name,
      ...[2, 8, 64].map(n => {
        const share = p === one.parameters ? `, ${(100 * efficiency(cost, n, p, step.median)).toFixed(0)} %` : '';
        return `${(1000 * allReduceSeconds(cost, n, p)).toPrecision(3)}${share}`;
      }),
    ]),
  ),
)}`);
