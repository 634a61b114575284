import { elements } from './program.js';

const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;
const MASK = 0xffffffff;
const MANTISSA = 0x7fffff;

/**
 * The few operations that the generator consists of, in the language of some compiler. Words are 64-bit numbers without
 * a sign; numbers and vectors go together as they do in TensorFlow.
 */
export interface Arithmetic<V> {
  word(n: number): V;
  /** 0, 1, … n − 1 as words. */
  range(n: number): V;
  /** Element i of a vector of words, [1]. */
  element(vector: V, i: number): V;
  words(op: 'add' | 'times' | 'xor' | 'and', a: V, b: V): V;
  /** The upper 32 bits. */
  high(w: V): V;
  float(n: number): V;
  toFloat(w: V): V;
  times(x: V, y: V): V;
  atLeast(x: V, y: V): V;
  function(of: 'sqrt' | 'log' | 'sin' | 'cos', x: V): V;
  /** Vectors [n] as the columns of [n, 4], whose first numbers are given this shape. */
  interleave(parts: Four<V>, shape: readonly number[]): V;
}

export type Four<V> = readonly [V, V, V, V];

/** The four words, below 2³², of each of n blocks, the first at the counter: vectors [n]. */
const blocks = <V>(of: Arithmetic<V>, key: V, counter: V, n: number): Four<V> => {
  const { word, words, element, high } = of;
  const mask = word(MASK);
  const low = (w: V) => words('and', w, mask);
  const at = words('add', element(counter, 0), of.range(n));
  const upper = words('add', element(counter, 1), words('times', at, word(0)));
  let [c0, c1, c2, c3]: Four<V> = [low(at), high(at), low(upper), high(upper)];
  let [k0, k1] = [low(key), high(key)];
  const [m0, m1, w0, w1] = [word(M0), word(M1), word(W0), word(W1)];
  for (let round = 0; round < ROUNDS; round++) {
    const [p0, p1] = [words('times', c0, m0), words('times', c2, m1)];
    const [x, y] = [words('xor', high(p1), c1), words('xor', high(p0), c3)];
    [c0, c1, c2, c3] = [words('xor', x, k0), low(p1), words('xor', y, k1), low(p0)];
    [k0, k1] = [low(words('add', k0, w0)), low(words('add', k1, w1))];
  }
  return [c0, c1, c2, c3];
};

/** [0, 1) from the low 23 bits. */
const unit = <V>(of: Arithmetic<V>, w: V): V =>
  of.times(of.toFloat(of.words('and', w, of.word(MANTISSA))), of.float(2 ** -23));

/** Box–Muller on pairs of words, as lib/rng/distributions.ts has it. */
const normals = <V>(of: Arithmetic<V>, words: Four<V>): Four<V> => {
  const pair = (a: V, b: V): [V, V] => {
    const log = of.function('log', of.atLeast(unit(of, a), of.float(1e-7)));
    const radius = of.function('sqrt', of.times(of.float(-2), log));
    const angle = of.times(of.float(2 * Math.PI), unit(of, b));
    return [of.times(of.function('sin', angle), radius), of.times(of.function('cos', angle), radius)];
  };
  return [...pair(words[0], words[1]), ...pair(words[2], words[3])];
};

const uniforms = <V>(of: Arithmetic<V>, [a, b, c, d]: Four<V>): Four<V> => [
  unit(of, a),
  unit(of, b),
  unit(of, c),
  unit(of, d),
];

/** What the stateless random operations of TensorFlow draw, by their names. */
const distributions = { StatelessRandomNormalV2: normals, StatelessRandomUniformV2: uniforms } as const;

export const randomOperations = Object.keys(distributions) as (keyof typeof distributions)[];

/** Numbers of Philox4x32-10 in this shape, from key [1] and counter [2], both in words. */
export const random = <V>(
  of: Arithmetic<V>,
  op: keyof typeof distributions,
  [key, counter]: readonly [V, V],
  shape: readonly number[],
): V => {
  const words = blocks(of, key, counter, Math.ceil(elements(shape) / 4));
  return of.interleave(distributions[op](of, words), shape);
};
