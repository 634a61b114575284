import { reject } from '../errors.js';
import { sizeOf } from '../math/shape.js';

/**
 * The safetensors file format: the length of a JSON header (8 bytes, little-endian), the header, then the bytes of all
 * tensors end to end. Readable from Python, and nothing in a file is ever executed.
 */
export type Values = Float32Array | Float64Array | Int32Array | Uint8Array | BigInt64Array | Uint16Array;

/** A named array; F16 and BF16 come as the 16-bit words they are stored as. */
export interface Stored {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly values: Values;
}

/** What a file holds: arrays by name, and text by name. */
export interface Archive {
  readonly tensors: ReadonlyMap<string, Stored>;
  readonly metadata: Readonly<Record<string, string>>;
}

const constructors = {
  F32: Float32Array,
  F64: Float64Array,
  I32: Int32Array,
  I64: BigInt64Array,
  U8: Uint8Array,
  BOOL: Uint8Array,
  F16: Uint16Array,
  BF16: Uint16Array,
} as const satisfies Record<Dtype, unknown>;

/** The types of numbers that are read and written, by the names of the format. */
export type Dtype = 'F32' | 'F64' | 'I32' | 'I64' | 'U8' | 'BOOL' | 'F16' | 'BF16';

const bad = (what: string, value: unknown): never =>
  reject(`safetensors: ${what}`, value, 'the file is damaged or of another format; write it again');

/** Float32 values of this shape as they are stored. */
export const float32 = (values: Float32Array, shape: readonly number[]): Stored =>
  values.length === sizeOf(shape)
    ? { shape, dtype: 'F32', values }
    : reject('the number of values', values.length, `the shape [${shape}] needs ${sizeOf(shape)}`);

/** Tensors and metadata to the bytes of a file. Names are in the order of the map; tensors start at multiples of 8. */
export const encodeSafetensors = ({ tensors, metadata }: Archive): Uint8Array => {
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { __metadata__: metadata } : {};
  let end = 0;
  // The format allows no gaps, so wide elements go first and every array is aligned.
  const ordered = [...tensors].sort(([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  for (const [name, { dtype, shape, values }] of ordered) {
    header[name] = { dtype, shape, data_offsets: [end, end + values.byteLength] };
    end += values.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let at = start;
  for (const [, { values }] of ordered) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
};

interface Entry {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

const readHeader = (bytes: Uint8Array): { header: Record<string, unknown>; start: number } => {
  if (bytes.length < 8) bad('the number of bytes', bytes.length);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) bad(`the header's length in a file of ${bytes.length} bytes`, length);
  const text = new TextDecoder().decode(bytes.subarray(8, 8 + length));
  try {
    const header: unknown = JSON.parse(text);
    if (typeof header !== 'object' || header === null || Array.isArray(header)) return bad('the header', header);
    return { header: header as Record<string, unknown>, start: 8 + length };
  } catch (error) {
    if (error instanceof SyntaxError) bad('the header', text.slice(0, 40));
    throw error;
  }
};

const natural = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const readEntry = (name: string, raw: unknown): Entry => {
  const entry = (raw ?? {}) as { [K in keyof Entry]?: unknown };
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(constructors, dtype)) bad(`the dtype of ${name}`, dtype);
  if (!Array.isArray(shape) || !shape.every(natural)) bad(`the shape of ${name}`, shape);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(natural)) bad(`the place of ${name}`, offsets);
  const [from, to] = offsets as [number, number];
  const expected = sizeOf(shape as number[]) * constructors[dtype as Dtype].BYTES_PER_ELEMENT;
  if (to - from !== expected) bad(`the size in bytes of ${name}, ${dtype} [${shape}] of ${expected} bytes,`, to - from);
  return entry as Entry;
};

const readMetadata = (raw: unknown): Record<string, string> => {
  const metadata = (raw ?? {}) as Record<string, string>;
  for (const [key, value] of Object.entries(metadata)) {
    if (typeof value !== 'string') bad(`the metadata ${key}`, value);
  }
  return metadata;
};

/** Arrays lie end to end from the first byte of data to the last, in whatever order the header names them. */
const checkPlaces = (entries: readonly (readonly [string, Entry])[], size: number): void => {
  const places = entries.map(
    ([
      name,
      {
        data_offsets: [from, to],
      },
    ]) => ({ name, from, to }),
  );
  let end = 0;
  for (const { name, from, to } of places.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) bad(`the start of ${name}, after ${end} bytes of data,`, from);
    end = to;
  }
  if (end !== size) bad(`the bytes of data, of which the header names ${end},`, size);
};

/**
 * The bytes of a file to tensors and metadata, each array a copy.
 * @throws RangeError naming what was found when the header, a shape or a place does not fit, or bytes are left over
 */
export const decodeSafetensors = (bytes: Uint8Array): Archive => {
  const { header, start } = readHeader(bytes);
  const { __metadata__: metadata, ...rest } = header;
  const entries = Object.entries(rest).map(([name, raw]) => [name, readEntry(name, raw)] as const);
  checkPlaces(entries, bytes.length - start);
  const tensors = entries.map(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => {
      const { buffer } = new Uint8Array(bytes.subarray(start + from, start + to)); // a copy: aligned
      return [name, { dtype, shape, values: new constructors[dtype](buffer) }] as const;
    },
  );
  return { tensors: new Map(tensors), metadata: readMetadata(metadata) };
};
