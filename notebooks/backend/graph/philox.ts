import { type Attribute, attributeType, dataType, type Reference } from './binding.js';
import { type Draft, typed } from './draft.js';
import { elements } from './program.js';
import type { Rule } from './rules.js';

/**
 * XLA has an algorithm of its own behind the stateless random operations, so under XLA they are written out as
 * Philox4x32-10 in 64-bit integers, whose loops XLA fuses into one. A word is a 64-bit number below 2³².
 */
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;
const ROUNDS = 10;

/** The few operations on vectors of words. */
const arithmetic = (draft: Draft) => {
  const T = [typed('T', dataType.uint64)];
  const two = (op: string) => (a: Reference, b: Reference) => draft.add(op, [a, b], T);
  const cast = (x: Reference, from: number, to: number) =>
    draft.add('Cast', [x], [typed('SrcT', from), typed('DstT', to)]);
  const long = (n: number) =>
    draft.constant({ shape: [], dtype: dataType.int64, values: Int32Array.from([n | 0, Math.floor(n / 2 ** 32)]) });
  const word = (n: number) => cast(long(n), dataType.int64, dataType.uint64);
  const mask = word(0xffffffff);
  const half = word(32);
  const and = two('BitwiseAnd');
  return {
    long,
    word,
    cast,
    and,
    add: two('AddV2'),
    times: two('Mul'),
    xor: two('BitwiseXor'),
    low: (x: Reference) => and(x, mask),
    high: (x: Reference) => two('RightShift')(x, half),
  };
};

type Words = readonly [Reference, Reference, Reference, Reference];

/** Element i of a vector. */
const element = (draft: Draft, vector: Reference, i: number): Reference =>
  draft.add(
    'Slice',
    [vector, draft.integers([i]), draft.integers([1])],
    [typed('T', dataType.uint64), typed('Index', dataType.int32)],
  );

/** The four words of each of n blocks, the first at the counter: vectors [n]. */
const blocks = (draft: Draft, key: Reference, counter: Reference, n: number): Words => {
  const { long, word, cast, add, times, xor, low, high } = arithmetic(draft);
  const range = draft.add('Range', [long(0), long(n), long(1)], [typed('Tidx', dataType.int64)]);
  const at = add(element(draft, counter, 0), cast(range, dataType.int64, dataType.uint64));
  const zero = times(at, word(0));
  const upper = add(element(draft, counter, 1), zero);
  let [c0, c1, c2, c3]: Words = [low(at), high(at), low(upper), high(upper)];
  let [k0, k1] = [low(key), high(key)];
  const [m0, m1, w0, w1] = [word(M0), word(M1), word(W0), word(W1)];
  for (let round = 0; round < ROUNDS; round++) {
    const [p0, p1] = [times(c0, m0), times(c2, m1)];
    [c0, c1, c2, c3] = [xor(xor(high(p1), c1), k0), low(p1), xor(xor(high(p0), c3), k1), low(p0)];
    [k0, k1] = [low(add(k0, w0)), low(add(k1, w1))];
  }
  return [c0, c1, c2, c3];
};

const floats = (draft: Draft) => {
  const T = [typed('T', dataType.float32)];
  const { word, and, cast } = arithmetic(draft);
  const float = (n: number) => draft.constant({ shape: [], dtype: dataType.float32, values: Float32Array.of(n) });
  const one = (op: string) => (x: Reference) => draft.add(op, [x], T);
  const times = (x: Reference, y: Reference) => draft.add('Mul', [x, y], T);
  const mantissa = word(0x7fffff);
  return {
    float,
    times,
    one,
    atLeast: (x: Reference, y: number) => draft.add('Maximum', [x, float(y)], T),
    /** [0, 1) from the low 23 bits. */
    unit: (w: Reference) => times(cast(and(w, mantissa), dataType.uint64, dataType.float32), float(2 ** -23)),
  };
};

/** Box–Muller on pairs of words, as lib/rng/distributions.ts has it. */
const normals = (draft: Draft, words: Words): Words => {
  const { float, times, one, atLeast, unit } = floats(draft);
  const pair = (a: Reference, b: Reference): [Reference, Reference] => {
    const radius = one('Sqrt')(times(float(-2), one('Log')(atLeast(unit(a), 1e-7))));
    const angle = times(float(2 * Math.PI), unit(b));
    return [times(one('Sin')(angle), radius), times(one('Cos')(angle), radius)];
  };
  return [...pair(words[0], words[1]), ...pair(words[2], words[3])];
};

const uniforms = (draft: Draft, words: Words): Words => {
  const { unit } = floats(draft);
  return words.map(unit) as unknown as Words;
};

const distributions = new Map([
  ['StatelessRandomNormalV2', normals],
  ['StatelessRandomUniformV2', uniforms],
]);

/** [n], [n], [n], [n] → the first numbers of [n, 4], in this shape. */
const interleaved = (draft: Draft, parts: Words, shape: readonly number[]): Reference => {
  const size = elements(shape);
  const axis: Attribute = { name: 'axis', type: attributeType.int, value: 1 };
  const rows = draft.add('Pack', [parts], [axis]);
  const flat = draft.add('Reshape', [rows, draft.integers([-1])]);
  const cut = draft.add('Slice', [flat, draft.integers([0]), draft.integers([size])]);
  return draft.add('Reshape', [cut, draft.integers(shape)]);
};

export const philoxInXla: Rule = (step, around, draft) => {
  const distribution = distributions.get(step.op);
  if (!distribution) return undefined;
  const { shape } = step.outputs[0]!;
  const size = elements(shape);
  const [, key, counter] = step.inputs.map(around.place);
  return interleaved(draft, distribution(draft, blocks(draft, key!, counter!, Math.ceil(size / 4))), shape);
};
