import type { Tensor, Variable } from '@tensorflow/tfjs-core';
import { type Stream, streamOf } from './random.js';

/** A nesting of arrays and records, taken apart: its tensors, a key for everything else, and the way back. */
export interface Tree {
  readonly tensors: readonly Tensor[];
  /** Streams of random numbers, which a program has as inputs too. */
  readonly streams: readonly Stream[];
  /** Structure, shapes, dtypes, plain values and identities: equal keys may share a compiled function. */
  readonly key: string;
  rebuild(tensors: readonly Tensor[]): unknown;
}

const isTensor = (value: object): value is Tensor => 'dataId' in value && 'dataSync' in value;
const isVariable = (tensor: Tensor): tensor is Variable => 'assign' in tensor;

const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};

/** Small numbers for objects, so that functions and class instances take part in a key by identity. */
export const identities = (): ((value: object) => number) => {
  const known = new WeakMap<object, number>();
  let next = 0;
  return value => {
    const id = known.get(value) ?? next++;
    known.set(value, id);
    return id;
  };
};

const still = (value: unknown, key: string): Tree => ({ tensors: [], streams: [], key, rebuild: () => value });

const join = (keys: string[], trees: Tree[], build: (values: unknown[]) => unknown): Tree => ({
  tensors: trees.flatMap(t => t.tensors),
  streams: trees.flatMap(t => t.streams),
  key: trees.map((t, i) => `${keys[i]}${t.key}`).join(','),
  rebuild: tensors => {
    let at = 0;
    return build(
      trees.map(t => {
        at += t.tensors.length;
        return t.rebuild(tensors.slice(at - t.tensors.length, at));
      }),
    );
  },
});

/**
 * Takes a value apart. Variables are not among the tensors: a traced program names them by identity, as it does
 * functions and instances of classes.
 */
export const flatten = (value: unknown, identity: (value: object) => number): Tree => {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function') return still(value, `#${identity(value)}`);
    return still(value, `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`);
  }
  if (isTensor(value)) {
    if (isVariable(value)) return still(value, `#${identity(value)}`);
    return { tensors: [value], streams: [], key: `${value.dtype} [${value.shape}]`, rebuild: ([tensor]) => tensor };
  }
  const stream = streamOf(value);
  if (stream) return { ...still(value, `stream ${stream.name}`), streams: [stream] };
  if (Array.isArray(value)) {
    const trees = value.map(item => flatten(item, identity));
    const tree = join(
      trees.map(() => ''),
      trees,
      items => items,
    );
    return { ...tree, key: `[${tree.key}]` };
  }
  if (!isPlain(value)) return still(value, `#${identity(value)}`);
  const names = Object.keys(value).sort();
  const tree = join(
    names.map(name => `${JSON.stringify(name)}: `),
    names.map(name => flatten(value[name], identity)),
    items => Object.fromEntries(items.map((item, i) => [names[i]!, item])),
  );
  return { ...tree, key: `{${tree.key}}` };
};
