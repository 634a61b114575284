import type { Variable } from '@tensorflow/tfjs-core';
import { decodeArchive, encodeArchive } from '../../../data/archive.js';
import { show } from '../../../lib/errors.js';
import type { RngState } from '../../../lib/rng/rng.js';
import { restore, snapshot } from '../../../lib/train/snapshot.js';
import type { TrainerState } from '../../../lib/train/trainer.js';
import type { Group } from './cluster.js';

type Shapes = Readonly<Record<string, readonly number[]>>;

const shapesOf = (parameters: ReadonlyMap<string, Variable>, { slots }: TrainerState): Shapes =>
  Object.fromEntries(
    [...parameters, ...Object.entries(slots).map(([name, v]) => [`trainer/${name}`, v] as const)].map(
      ([name, { shape }]) => [name, shape],
    ),
  );

/** The first array in which a task differs from task 0; undefined where there is none. */
const difference = (own: Shapes, first: Shapes): string | undefined => {
  for (const name of new Set([...Object.keys(first), ...Object.keys(own)])) {
    const [here, there] = [own[name], first[name]];
    if (show(here) === show(there)) continue;
    return `${name} is ${here ? show(here) : 'missing'} here and ${there ? show(there) : 'missing'} in task 0`;
  }
  return undefined;
};

/** @throws in every task where the arrays of one are not those of task 0, naming it */
const agree = (group: Group, own: Shapes): void => {
  const text = new TextDecoder().decode(group.broadcast(new TextEncoder().encode(JSON.stringify(own))));
  const different = difference(own, JSON.parse(text));
  const flags = Float32Array.from({ length: group.count }, (_, i) =>
    Number(i === group.index && different !== undefined),
  );
  const means = group.mean(flags);
  const tasks = [...means.keys()].filter(i => means[i]! > 0);
  if (tasks.length === 0) return;
  const names = tasks.map(i => `task ${i} (${group.addresses[i]})`).join(', ');
  throw new Error(`${names} trains other parameters than task 0${different ? `: ${different}` : ''}`);
};

/**
 * Puts what task 0 has into every task: the parameters, all that the trainer holds, and the place in the random stream.
 * So task 0 alone needs a checkpoint, restored before.
 * @returns the state from which all draw, each its part
 * @throws in every task where one trains other parameters, naming it
 */
export const share = (
  group: Group,
  parameters: ReadonlyMap<string, Variable>,
  trainer: TrainerState,
  rng: RngState,
): RngState => {
  if (group.count === 1) return rng;
  agree(group, shapesOf(parameters, trainer));
  const own = group.index === 0 ? encodeArchive(snapshot(parameters, trainer, rng)) : new Uint8Array();
  const received = decodeArchive(group.broadcast(own));
  return restore(received, parameters, trainer);
};
