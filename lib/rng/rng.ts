import { floor, mul, sub, type Tensor, tensor, tidy } from '@tensorflow/tfjs-core';
import { integer, reject } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import { normalFloat32, uniformFloat32, uniformFloat64 } from './distributions.js';
import { advance, block, type Counter, type Key, words } from './philox.js';

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

/** The draws that stay on the host, from a source of whole blocks of words. */
const hostDraws = (draw: (n: number) => Uint32Array): Pick<Rng, 'normals' | 'uniforms' | 'integers'> => {
  const uniforms = (n: number) => uniformFloat64(draw(2 * n), n);
  return {
    normals: n => normalFloat32(draw(n), n),
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
 * @param fill where tensors are made
 */
export const philox = (seed: number | RngState, { fill = hostFill }: { fill?: Fill } = {}): Rng => {
  let at = typeof seed === 'number' ? fromSeed(seed) : rngState(seed);
  /** The present place, after which the stream moves on by the blocks that hold n words. */
  const take = (n: number): RngState => {
    const here = at;
    at = { key: here.key, counter: advance(here.counter, Math.ceil(n / 4)) };
    return here;
  };
  const uniform = (shape: readonly number[]) => fill.uniform(shape, take(sizeOf(shape)));
  return {
    ...hostDraws(n => {
      const { key, counter } = take(integer('the number of words', n));
      return words(key, counter, n);
    }),
    normal: shape => fill.normal(shape, take(sizeOf(shape))),
    uniform,
    rademacher: shape => signs(uniform(shape)),
    fold: label => philox({ key: childKey(at.key, label), counter: [0, 0, 0, 0] }, { fill }),
    state: () => at,
  };
};
