import { deserialize, serialize } from 'node:v8';
import { Tensor, tensor, Variable } from '@tensorflow/tfjs-core';
import ndarray from 'ndarray';

/** What cannot be written to a file and read back as it was; the message says where in the value, and why. */
export class NotStorable extends Error {}

/** Marks what has a form of its own in the file. */
const KIND = '$stored';

type Fields = Readonly<Record<string, unknown>>;
type Numbers = Float64Array | Float32Array | Int32Array | Uint8Array | number[];

const isNdarray = (value: object): value is ndarray.NdArray<Numbers> =>
  /^View\d+d/.test(value.constructor?.name ?? '') && 'stride' in value && 'offset' in value && 'data' in value;

const isWhole = (value: object): boolean =>
  ArrayBuffer.isView(value) ||
  value instanceof ArrayBuffer ||
  [Date.prototype, RegExp.prototype].includes(proto(value));

const proto = (value: object) => Object.getPrototypeOf(value);

const readTensor = (value: Tensor, path: string): Fields => {
  if (value instanceof Variable) throw new NotStorable(`${path} is a variable: hand over its value, variable.clone()`);
  if (value.isDisposed) throw new NotStorable(`${path} is a tensor that was disposed of`);
  if (value.dtype === 'complex64') throw new NotStorable(`${path} is a complex tensor`);
  return { [KIND]: 'tensor', data: value.dataSync(), shape: value.shape, dtype: value.dtype };
};

/** The entries of a plain object, or of an array without holes. */
const entriesOf = (value: object, path: string): [string, unknown][] => {
  const fields = Object.entries(Object.getOwnPropertyDescriptors(value));
  const odd = fields.find(
    ([name, { get, set, enumerable }]) => get || set || name === '__proto__' || (!enumerable && name !== 'length'),
  );
  if (odd) throw new NotStorable(`${path} has a property ${odd[0]} that is more than a value`);
  if (Object.getOwnPropertySymbols(value).length > 0) throw new NotStorable(`${path} has a symbol for a property`);
  if (KIND in value) throw new NotStorable(`${path} has a property ${KIND}`);
  return Object.entries(value);
};

/** The value in what V8 can write. @param seen what was met before: a value that occurs twice stays one. */
const pack = (value: unknown, path: string, seen: Map<object, unknown>): unknown => {
  if (typeof value === 'function' || typeof value === 'symbol') throw new NotStorable(`${path} is a ${typeof value}`);
  if (typeof value !== 'object' || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = <T>(packed: T): T => {
    seen.set(value, packed);
    return packed;
  };
  const inner = (each: unknown, name: string | number) => pack(each, `${path}.${name}`, seen);
  if (value instanceof Tensor) return keep(readTensor(value, path));
  if (isWhole(value)) return keep(value);
  if (isNdarray(value)) {
    const { data, shape, stride, offset } = value;
    return keep({ [KIND]: 'ndarray', data: inner(data, 'data'), shape: [...shape], stride: [...stride], offset });
  }
  if (proto(value) === Map.prototype) {
    const packed = keep(new Map());
    for (const [key, each] of value as Map<unknown, unknown>) packed.set(inner(key, 'key'), inner(each, String(key)));
    return packed;
  }
  if (proto(value) === Set.prototype) {
    const packed = keep(new Set());
    for (const each of value as Set<unknown>) packed.add(inner(each, 'element'));
    return packed;
  }
  if (proto(value) !== Object.prototype && !Array.isArray(value)) {
    throw new NotStorable(`${path} is an instance of ${value.constructor?.name ?? 'nothing'}: give its fields`);
  }
  const entries = entriesOf(value, path);
  if (Array.isArray(value)) {
    if (entries.length !== value.length) throw new NotStorable(`${path} is an array with holes, or with names`);
    const packed = keep(new Array<unknown>(value.length).fill(undefined));
    for (const [i, each] of value.entries()) packed[i] = inner(each, i);
    return packed;
  }
  const packed = keep<Record<string, unknown>>({});
  for (const [name, each] of entries) packed[name] = inner(each, name);
  return packed;
};

const restored = (fields: Fields): unknown => {
  const { data, shape, stride, offset, dtype } = fields as never;
  return fields[KIND] === 'tensor' ? tensor(data, shape, dtype) : ndarray(data, shape, stride, offset);
};

const unpack = (value: unknown, seen: Map<object, unknown>): unknown => {
  if (typeof value !== 'object' || value === null || isWhole(value)) return value;
  if (seen.has(value)) return seen.get(value);
  if (KIND in value) {
    const whole = restored(value as Fields);
    seen.set(value, whole);
    return whole;
  }
  seen.set(value, value);
  if (value instanceof Map) {
    const entries = [...value];
    value.clear();
    for (const [key, each] of entries) value.set(unpack(key, seen), unpack(each, seen));
  } else if (value instanceof Set) {
    const elements = [...value];
    value.clear();
    for (const each of elements) value.add(unpack(each, seen));
  } else {
    const fields = value as Record<string, unknown>;
    for (const [name, each] of Object.entries(fields)) fields[name] = unpack(each, seen);
  }
  return value;
};

/**
 * Numbers, strings, plain data, typed arrays, dates, Maps, Sets, ndarrays and tensors as bytes; what occurs twice in
 * the value is one thing again after `decode`. @throws NotStorable for all else.
 */
export const encode = (value: unknown, name = 'the value'): Buffer => {
  const packed = pack(value, name, new Map());
  try {
    return serialize(packed);
  } catch (cause) {
    throw new NotStorable(`${name}: ${(cause as Error).message}`, { cause });
  }
};

export const decode = (bytes: Uint8Array): unknown => unpack(deserialize(bytes), new Map());
