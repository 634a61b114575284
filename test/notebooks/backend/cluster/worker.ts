/** One of several processes in training: `worker.ts JOB`, which prints what becomes of it, a line of JSON each. */
import { loadArchive, saveArchive } from '../../../../data/archive.js';
import { philox } from '../../../../lib/rng/index.js';
import { restore, snapshot, training } from '../../../../lib/train/index.js';
import { cluster, share } from '../../../../notebooks/backend/cluster/index.js';
import { startBackend } from '../../../../notebooks/backend/index.js';
import { digest, draw, make, RATE, type Setting } from './setting.js';

export interface Job extends Setting {
  readonly tasks: readonly number[];
  readonly index: number;
  readonly steps: number;
  readonly timeout: number;
  /** Where task 0 keeps its checkpoint, after every second step. */
  readonly checkpoint?: string;
  /** Ends, or stops, after so many steps. */
  readonly until?: { readonly step: number; readonly signal: 'SIGKILL' | 'SIGSTOP' };
}

export interface Told {
  readonly began?: number;
  readonly losses?: readonly number[];
  readonly parameters?: readonly number[];
  readonly digest?: string;
  readonly error?: string;
  /** When that was, in ms. */
  readonly at?: number;
}

const tell = (told: Told): void => console.log(JSON.stringify({ ...told, at: Date.now() }));

const work = async ({ tasks, index, steps, timeout, checkpoint, until, ...setting }: Job): Promise<void> => {
  await startBackend('tensorflow');
  const group = await cluster({ tasks, index, timeout });
  const { network, run } = make(index, setting, { reduce: group.reduce });
  const saved = checkpoint && index === 0 ? loadArchive(checkpoint) : undefined;
  const place = saved ? restore(saved, network.parameters, run) : philox(5).state();
  const rng = philox(share(group, network.parameters, run, place), { shard: group });
  tell({ began: run.steps });
  const losses: number[] = [];
  for (const { step, loss } of training({ trainer: run, learningRate: () => RATE }, () => draw(rng), {
    steps,
    every: 1,
  })) {
    losses.push(loss);
    if (checkpoint && index === 0 && step % 2 === 0)
      saveArchive(checkpoint, snapshot(network.parameters, run, rng.state()));
    if (until?.step !== step) continue;
    tell({});
    process.kill(process.pid, until.signal);
  }
  group.close();
  tell({ losses, digest: digest({ run }), parameters: Array.from(run.slots.parameters!.dataSync()) });
};

work(JSON.parse(process.argv[2]!)).catch(error => {
  tell({ error: error.message });
  process.exitCode = 1;
});
