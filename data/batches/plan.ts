import { uniformFloat64 } from '../../lib/rng/distributions.js';
import { type Counter, type Key, words } from '../../lib/rng/philox.js';
import { rowsOf, type Shard, whole } from '../../lib/rng/shard.js';

/** What settles every batch of a run. */
export interface Plan {
  readonly seed: number;
  /** Images of the set. */
  readonly count: number;
  /** Images of a batch. */
  readonly size: number;
  /** Whether every second image, by chance, is mirrored. */
  readonly flip: boolean;
}

/** The places in the set that a batch shows, in order. */
export interface Draw {
  readonly rows: Uint32Array;
  /** 1 where left and right change places. */
  readonly mirrored: Uint8Array;
}

/** The highest word of the counters used here, which no stream of `philox` with the same seed reaches. */
const ORDER = 0x0a000000;
const MIRROR = 0x0a000001;

const keyOf = (seed: number): Key => [seed >>> 0, Math.floor(seed / 2 ** 32)];
const counterOf = (purpose: number, nth: number): Counter => [0, Math.floor(nth / 2 ** 32), nth >>> 0, purpose];

/** A random order of 0 … count − 1, the same for the same seed and number. [Fisher–Yates] */
export function permutation(count: number, seed: number, nth = 0): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  const uniforms = uniformFloat64(words(keyOf(seed), counterOf(ORDER, nth), 2 * count), count);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(uniforms[last]! * (last + 1));
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return order;
}

/**
 * The draws of a plan by their numbers, from 0. Every epoch has an order of its own and shows each image once; batches
 * go on from one into the next, so that all have the same size.
 * @param shard the part of every batch that is wanted; the parts in a row are the whole batch
 */
export function drawsOf({ seed, count, size, flip }: Plan, shard: Shard = whole): (nth: number) => Draw {
  let epoch = -1;
  let order: Uint32Array = new Uint32Array();
  const rowAt = (place: number): number => {
    const wanted = Math.floor(place / count);
    if (wanted !== epoch) [epoch, order] = [wanted, permutation(count, seed, wanted)];
    return order[place % count]!;
  };
  const length = rowsOf(shard, size);
  const first = shard.index * length;
  return nth => {
    const rows = Uint32Array.from({ length }, (_, i) => rowAt(nth * size + first + i));
    const bits = flip ? words(keyOf(seed), counterOf(MIRROR, nth), size) : new Uint32Array(size);
    return { rows, mirrored: Uint8Array.from({ length }, (_, i) => bits[first + i]! & 1) };
  };
}
