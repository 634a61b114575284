import { floor, mul, reshape, slice, sub, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { integer, reject } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import { normalFloat32, uniformFloat32, uniformFloat64 } from './distributions.js';
import { advance, block, type Counter, type Key, words } from './philox.js';
import { checkedShard, type Shard, whole } from './shard.js';

/** Where a stream stands: a key names the stream, a counter the place in it. Plain numbers, ready for JSON. */
export interface RngState {
  readonly key: Key;
  readonly counter: Counter;
}

/** A source of random numbers with its own place in its own stream. Every draw moves it on by whole blocks of 4 words. */
export interface Rng {
  /** N(0, 1), float32. */
  normal(shape: readonly number[]): Tensor;
  /** U[0, 1), float32. */
  uniform(shape: readonly number[]): Tensor;
  /** −1 or 1 with equal probability, float32. */
  rademacher(shape: readonly number[]): Tensor;
  /** N(0, 1) on the host: the same numbers as `normal([n])`. */
  normals(n: number): Float32Array;
  /** U[0, 1) on the host with 52 bits. */
  uniforms(n: number): Float64Array;
  /** Integers in [0, below), on the host. */
  integers(n: number, below: number): Int32Array;
  /** The part of the rows of every draw that this stream gives; the other parts are passed over. */
  readonly shard: Shard;
  /** The independent stream with this label. It depends on this stream's key alone, not on what was drawn. */
  fold(label: number): Rng;
  /** Pass it to `philox` to go on from here. */
  state(): RngState;
}

/** Makes float32 tensors at a place of a stream. A backend may supply its own that computes them on the device. */
export interface Fill {
  /** N(0, 1). */
  normal(shape: readonly number[], at: RngState): Tensor;
  /** U[0, 1). */
  uniform(shape: readonly number[], at: RngState): Tensor;
}

/** Computes on the host and uploads. */
export const hostFill: Fill = {
  normal: (shape, { key, counter }) =>
    tensor(normalFloat32(words(key, counter, sizeOf(shape)), sizeOf(shape)), [...shape]),
  uniform: (shape, { key, counter }) =>
    tensor(uniformFloat32(words(key, counter, sizeOf(shape)), sizeOf(shape)), [...shape]),
};

const fromSeed = (seed: number): RngState => ({
  key: [integer('seed', seed) >>> 0, Math.floor(seed / 2 ** 32)],
  counter: [0, 0, 0, 0],
});

/** The same state, when it is one: 2 and 4 words of 32 bits. @throws RangeError otherwise */
export const rngState = (state: RngState): RngState => {
  const word = (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** 32;
  const valid = (words: unknown, n: number) => Array.isArray(words) && words.length === n && words.every(word);
  return valid(state?.key, 2) && valid(state?.counter, 4)
    ? state
    : reject('the state of a random stream', state, 'it is { key: 2 words, counter: 4 words } of 32 bits');
};

/** The key of a labelled child stream: a block at a counter that no draw reaches. */
const childKey = (key: Key, label: number): Key => {
  const out = new Uint32Array(4);
  block(key, [integer('label', label) >>> 0, Math.floor(label / 2 ** 32), 0, 0xffffffff], out);
  return [out[0]!, out[1]!];
};

/** −1 where u < ½, otherwise 1; disposes of u. */
const signs = (u: Tensor): Tensor =>
  tidy(() => {
    const out = sub(mul(floor(mul(u, 2)), 2), 1);
    u.dispose();
    return out;
  });

/** Turns whole blocks of words into n numbers. */
type Convert<V> = (words: Uint32Array, n: number) => V;

/** Where the numbers of a draw begin: at a block, behind `skip` others. */
interface Place {
  readonly at: RngState;
  readonly skip: number;
}

/** The draws that stay on the host; `take` gives the place of n numbers, of so many words each. */
const hostDraws = (take: (n: number, width: 1 | 2) => Place): Pick<Rng, 'normals' | 'uniforms' | 'integers'> => {
  const draw = <V extends Float32Array | Float64Array>(n: number, width: 1 | 2, convert: Convert<V>): V => {
    const { at, skip } = take(integer('the number of draws', n), width);
    return convert(words(at.key, at.counter, width * (skip + n)), skip + n).subarray(skip) as V;
  };
  const uniforms = (n: number) => draw(n, 2, uniformFloat64);
  return {
    normals: n => draw(n, 1, normalFloat32),
    uniforms,
    integers: (n, below) => {
      integer('below', below, 1, 2 ** 31);
      return Int32Array.from(uniforms(n), u => Math.floor(u * below));
    },
  };
};

/**
 * A Philox4x32-10 stream. The same seed gives the same numbers on every backend.
 * @param seed a non-negative safe integer, or a state to go on from
 * @param options where tensors are made, `fill`; and `shard`: of every draw only this part of its rows is given and
 * computed. The parts together are the draw of a stream without one, which has the same states.
 */
export const philox = (
  seed: number | RngState,
  { fill = hostFill, shard: part = whole }: { fill?: Fill; shard?: Shard } = {},
): Rng => {
  const shard = checkedShard(part);
  let at = typeof seed === 'number' ? fromSeed(seed) : rngState(seed);
  /** The place of n numbers, after which the stream moves on by the blocks that hold those of all parts. */
  const take = (n: number, width: 1 | 2 = 1): Place => {
    const { key, counter } = at;
    const each = 4 / width;
    const first = shard.index * n;
    at = { key, counter: advance(counter, Math.ceil((shard.count * n) / each)) };
    return { at: { key, counter: advance(counter, Math.floor(first / each)) }, skip: first % each };
  };
  const make = (filled: Fill['normal'], shape: readonly number[]): Tensor => {
    const n = sizeOf(shape);
    const place = take(n);
    if (place.skip === 0) return filled(shape, place.at);
    return tidy(() => reshape(slice(filled([place.skip + n], place.at), [place.skip], [n]), [...shape]));
  };
  const uniform = (shape: readonly number[]) => make(fill.uniform, shape);
  return {
    ...hostDraws(take),
    normal: shape => make(fill.normal, shape),
    uniform,
    rademacher: shape => signs(uniform(shape)),
    shard,
    fold: label => philox({ key: childKey(at.key, label), counter: [0, 0, 0, 0] }, { fill, shard }),
    state: () => at,
  };
};
