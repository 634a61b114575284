import ndarray, { type NdArray } from 'ndarray';
import { integer } from '../../lib/errors.js';
import { checkedShard, rowsOf, type Shard, whole } from '../../lib/rng/shard.js';
import type { ImageSet } from '../image-set.js';
import { CENTRED, type Range } from '../scale.js';
import type { Source } from './fill.js';
import type { Plan } from './plan.js';
import { createRing, ready, takeOut } from './ring.js';
import { type Launch, startThread } from './thread.js';

/** Images ready for a network, the caller's to keep. */
export interface Batch {
  /** [B, H, W, C]. */
  readonly images: NdArray<Float32Array>;
  /** [B], places in the set's `classes`. */
  readonly labels: NdArray<Uint16Array>;
}

/** Where a run through a set stands. Plain numbers, ready for JSON. */
export interface BatchState extends Plan {
  /** Batches taken so far. */
  readonly taken: number;
}

export interface BatchOptions {
  /** Images of a batch, those of all parts together. */
  readonly size: number;
  /** The part of every batch that is given, where several processes share it; all of it by default. */
  readonly shard?: Shard;
  /** The same seed gives the same batches, whatever the timing. */
  readonly seed: number;
  /** Mirrors every second image, by chance. Default: false. */
  readonly flip?: boolean;
  /** Where black and white go. Default: [-1, 1]. */
  readonly range?: Range;
  /** Batches drawn ahead. Default: 4. */
  readonly ahead?: number;
  /** Goes on from here: what `state` told in an earlier run. */
  readonly from?: BatchState;
}

/** Batches that a thread draws ahead, so that who takes them need not wait. */
export interface Batches {
  /** The next batch; it is waited for where it is not ready yet. */
  take(): Batch;
  state(): BatchState;
  /** Batches that lie ready. */
  ready(): number;
  /** Milliseconds that `take` has waited, all in all. */
  waited(): number;
  /** Ends the thread, as forgetting the batches does sooner or later. */
  close(): void;
}

/** @throws where a state is of another run: going on from it would neither repeat nor continue that one */
function startOf(plan: Plan, from: BatchState | undefined): number {
  if (from === undefined) return 0;
  for (const key of Object.keys(plan) as (keyof Plan)[]) {
    if (from[key] === plan[key]) continue;
    throw new Error(`the state of batches has ${key} ${from[key]}, ${plan[key]} expected; start without it`);
  }
  return integer('taken in the state of batches', from.taken);
}

/** A copy that threads can share. */
const share = ({ images, labels }: ImageSet): Source => {
  const pixels = new Uint8Array(new SharedArrayBuffer(images.data.length));
  pixels.set(images.data);
  const classes = new Uint16Array(new SharedArrayBuffer(2 * labels.data.length));
  classes.set(labels.data);
  return { pixels, shape: images.shape.slice(1) as [number, number, number], labels: classes };
};

/** Ends the threads of batches that nobody can take any more: a cell that runs again opens its own anew. */
const forgotten = new FinalizationRegistry<() => void>(end => end());

/** How `batches` is made, with the thread and the patience with it as arguments. */
export const batchesBy =
  (launch: Launch, patienceMs: number) =>
  (set: ImageSet, options: BatchOptions): Batches => {
    const { flip = false, range = CENTRED, ahead = 4, from } = options;
    const shard = checkedShard(options.shard ?? whole);
    const plan: Plan = {
      seed: integer('seed', options.seed),
      count: set.images.shape[0]!,
      size: integer('size', options.size, 1),
      flip,
    };
    const size = rowsOf(shard, plan.size);
    integer('images of the set', plan.count, 1);
    const source = share(set);
    const shape: [number, ...number[]] = [size, ...source.shape];
    const values = shape.reduce((product, n) => product * n, 1);
    const ring = createRing(integer('ahead', ahead, 1), values, size);
    const first = startOf(plan, from);
    const end = launch({ plan, shard, source, range, from: first, ring });
    let [taken, waited, closed] = [first, 0, false];
    const stream: Batches = {
      take: () => {
        if (closed) throw new Error('these batches are closed; open them anew from their state');
        const batch = takeOut(ring, taken - first, patienceMs);
        taken++;
        waited += batch.waited;
        return { images: ndarray(batch.images, shape), labels: ndarray(batch.labels, [size]) };
      },
      state: () => ({ ...plan, taken }),
      ready: () => ready(ring),
      waited: () => waited,
      close: () => {
        closed = true;
        forgotten.unregister(stream);
        end();
      },
    };
    forgotten.register(stream, end, stream);
    return stream;
  };

/** A thread that has drawn no batch for so long is dead: one takes milliseconds. */
const PATIENCE_MS = 60_000;

/**
 * Batches of a set without end, drawn ahead in a thread: every epoch shows each image once, in an order of its own.
 * Seed, size and set settle them, not the timing. The set is copied once.
 */
export const batches = batchesBy(startThread, PATIENCE_MS);
