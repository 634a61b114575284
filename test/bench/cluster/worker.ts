/** One of the tasks that are measured: `worker.ts INDEX PORT…`; prints what it measured as JSON. */
import { dispose } from '@tensorflow/tfjs-core';
import { denoisingBatch, lossOf } from '../../../lib/loss/index.js';
import { parameterCount } from '../../../lib/nn/index.js';
import { vp } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/index.js';
import { trainer } from '../../../lib/train/index.js';
import { cluster } from '../../../notebooks/backend/cluster/index.js';
import { compile, parallel } from '../../../notebooks/backend/graph/index.js';
import { startBackend } from '../../../notebooks/backend/index.js';
import { tasks as list } from '../compile/list.js';
import { networkOf } from '../compile/tasks.js';

const [index = 0, ...tasks] = process.argv.slice(2).map(Number);

/** Lengths of the vectors, from what is all latency to what is all bandwidth. */
const SIZES = [1e3, 1e4, 1e5, 1e6, 1e7];
const RUNS = 11;
const task = list.find(({ name, shape }) => name === 'train' && shape[1] === 28)!;

export interface Measured {
  readonly title: string;
  readonly parameters: number;
  /** Seconds of each run, by length. */
  readonly reduce: readonly (readonly [number, readonly number[]])[];
  readonly steps: readonly number[];
}

const clock = (run: () => void): number => {
  const start = performance.now();
  run();
  return (performance.now() - start) / 1000;
};

const repeat = (run: () => void, warm: number): number[] => {
  for (let i = 0; i < warm; i++) run();
  return Array.from({ length: RUNS }, () => clock(run));
};

await startBackend('tensorflow');
const group = await cluster({ tasks, index });
const reduce = SIZES.map(n => {
  const vector = new Float32Array(n).fill(index);
  return [n, group.count > 1 ? repeat(() => group.mean(vector), 2) : []] as const;
});
const network = networkOf(task);
const rng = philox(2, { shard: group });
const [batch = 1, ...event] = task.shape;
const run = trainer({
  parameters: network.parameters,
  loss: lossOf(parallel((x, label) => network.apply(x, label))),
  learningRate: () => 1e-3,
  wrap: fn => compile(fn),
  ...(group.count > 1 && { reduce: group.reduce }),
});
const steps = repeat(() => {
  const x0 = rng.normal([batch / group.count, ...event]);
  const drawn = denoisingBatch({ process: vp() }, x0, rng);
  const loss = run.step(drawn);
  loss.dataSync();
  dispose([x0, { ...drawn }, loss]);
}, 4);
group.close();
const measured: Measured = { title: task.title, parameters: parameterCount(network), reduce, steps };
if (index === 0) console.log(JSON.stringify(measured));
process.exit(0);
