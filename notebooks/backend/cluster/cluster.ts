import { setTimeout as pause } from 'node:timers/promises';
import { type Tensor, tensor } from '@tensorflow/tfjs-core';
import { integer, positive } from '../../../lib/errors.js';
import type { Shard } from '../../../lib/rng/shard.js';
import { type AddOn, loadAddOn } from './add-on.js';
import { type Collectives, collectives } from './collectives.js';
import { explain, type Others } from './lost.js';
import { contextConfig, serverDef, taskName } from './server-def.js';
import { addressesOf, local, written } from './tasks.js';

/** Who trains together. */
export interface ClusterOptions {
  /** The address of every task, 'host:port', the same list in each of them; a port alone is one of this machine. */
  readonly tasks: readonly (string | number)[];
  /** Which of them this process is, from 0. */
  readonly index: number;
  /** Seconds to wait for the others, until they are there and in every operation; 300 unless given. */
  readonly timeout?: number;
  /** Where warnings go; `console.warn` by default. */
  readonly report?: (message: string) => void;
}

/** The tasks together, and which part of every batch is this one's. */
export interface Group extends Shard, Collectives {
  /** 'host:port' of every task. */
  readonly addresses: readonly string[];
  /** The mean of a tensor over all tasks, with the same bits in each: what a trainer takes. */
  reduce(vector: Tensor): Tensor;
  /** Waits until every task has come so far: a task that ends earlier may take what others still wait for along. */
  close(): void;
}

/** Milliseconds for a task to say that it is there. */
const ANSWER = 1000;

/** Returns when all answer. @throws when the time is over, naming those who do not */
const gather = async ({ addresses, index, timeout, health }: Others): Promise<void> => {
  const end = performance.now() + 1000 * timeout;
  let missing = [...addresses.keys()].filter(task => task !== index);
  for (;;) {
    missing = missing.filter(task => health(task) !== '');
    if (missing.length === 0) return;
    if (performance.now() > end) {
      const list = missing.map(task => `task ${task} (${addresses[task]})`).join(', ');
      throw new Error(`${list} did not come within ${timeout} s: start it there, with the same list of tasks`);
    }
    await pause(100);
  }
};

/** Errors say who is lost. */
const explained =
  (addOn: AddOn, others: Others): AddOn['run'] =>
  (...call) => {
    try {
      return addOn.run(...call);
    } catch (error) {
      throw explain(error as Error, others);
    }
  };

const groupOf = (part: Shard, addresses: readonly string[], all: Collectives): Group => ({
  ...part,
  ...all,
  addresses,
  reduce: vector => tensor(all.mean(vector.dataSync() as Float32Array), vector.shape),
  close: () => {
    try {
      all.mean(new Float32Array(1));
    } catch {
      // Who ended without waiting had all that it needed, and so has this task.
    }
  },
});

/** One task has nobody to wait for, and needs no server. */
const alone: Collectives = { mean: vector => vector, broadcast: bytes => bytes };

/**
 * Joins the processes that train together, on one machine or several: starts this task's server and waits for the others.
 * A process belongs to one cluster, as long as it lives. The servers trust whoever reaches them: between machines, use a
 * network that nobody else is in. Where all addresses are of this machine, others do not reach them.
 * @throws RangeError for wrong addresses or an index that is none of theirs; Error where the port is in use, where a task
 * does not come in time, and without TensorFlow's runtime
 */
export const cluster = async ({
  tasks,
  index,
  timeout = 300,
  report = message => console.warn(message),
}: ClusterOptions): Promise<Group> => {
  const known = addressesOf(tasks);
  const addresses = known.map(written);
  integer('the index of this task', index, 0, known.length - 1);
  positive('timeout', timeout);
  const part = { index, count: known.length };
  if (part.count === 1) return groupOf(part, addresses, alone);
  const addOn = loadAddOn();
  const confine = local(known);
  const { port } = known[index]!;
  try {
    const confined = addOn.join(contextConfig(), serverDef(addresses, index), confine ? port : 0);
    if (confine && !confined) report(`port ${port} is open to other machines: this system cannot confine it`);
  } catch (cause) {
    const { message } = cause as Error;
    const why = message.includes('start gRPC server') ? `port ${port} is in use, or may not be opened` : message;
    throw new Error(`task ${index} (${addresses[index]}) cannot start: ${why}`, { cause });
  }
  const others = { addresses, index, timeout, health: (task: number) => addOn.health(taskName(task), ANSWER) };
  await gather(others);
  return groupOf(part, addresses, collectives(part, explained(addOn, others), 1000 * timeout));
};
