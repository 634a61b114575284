import { reject } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import { sha256 } from './sha256.js';

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

/** What was read from a file. */
export interface Decoded extends Archive {
  /** Whether the file carried the hash of its contents, and was compared with it; files of other programs have none. */
  readonly checked: boolean;
}

/** The hash of bytes, the parts one after the other, as text. */
export type Hash = (...parts: readonly Uint8Array[]) => string;

/** The types of numbers that are read and written, by the names of the format. */
export type Dtype = 'F32' | 'F64' | 'I32' | 'I64' | 'U8' | 'BOOL' | 'F16' | 'BF16';

const bad = (what: string, value: unknown): never =>
  reject(`safetensors: ${what}`, value, 'the file is damaged or of another format; write it again');

/** Float32 values of this shape as they are stored. */
export const float32 = (values: Float32Array, shape: readonly number[]): Stored =>
  values.length === sizeOf(shape)
    ? { shape, dtype: 'F32', values }
    : reject('the number of values', values.length, `the shape [${shape}] needs ${sizeOf(shape)}`);

/** The entry of the metadata that holds the hash of all else in the file. */
const SEAL = 'sha256';

/** The header without its seal, as it goes into the hash: parsing a header and writing it again gives the same text. */
const unsealed = (header: Record<string, unknown>): Uint8Array => new TextEncoder().encode(JSON.stringify(header));

const place = (tensors: readonly (readonly [string, Stored])[]): [string, unknown][] => {
  let end = 0;
  return tensors.map(([name, { dtype, shape, values }]) => {
    if (name === '__metadata__') reject('the name of an array', name, 'the format keeps it for the metadata');
    const from = end;
    end += values.byteLength;
    return [name, { dtype, shape, data_offsets: [from, end] }];
  });
};

const bytesOf = ({ values }: Stored): Uint8Array => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/**
 * Tensors and metadata to the bytes of a file, whose hash goes into the metadata as `sha256`. Names are in the order of
 * the map; tensors start at multiples of 8.
 * @throws RangeError for a name that the format or this function needs for itself
 */
export const encodeSafetensors = ({ tensors, metadata }: Archive, hash: Hash = sha256): Uint8Array => {
  if (Object.hasOwn(metadata, SEAL)) reject(`the metadata's entry ${SEAL}`, metadata[SEAL], 'it is written here');
  // The format allows no gaps, so wide elements go first and every array is aligned.
  const ordered = [...tensors].sort(([, a], [, b]) => b.values.BYTES_PER_ELEMENT - a.values.BYTES_PER_ELEMENT);
  const arrays = ordered.map(([, stored]) => bytesOf(stored));
  const places = place(ordered);
  const headed = (entries: Record<string, string>) => Object.fromEntries([['__metadata__', entries], ...places]);
  const seal = hash(unsealed(headed(metadata)), ...arrays);
  const text = unsealed(headed(Object.fromEntries([...Object.entries(metadata), [SEAL, seal]])));
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const size = arrays.reduce((sum, array) => sum + array.length, 0);
  const bytes = new Uint8Array(start + size).fill(0x20, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let at = start;
  for (const array of arrays) {
    bytes.set(array, at);
    at += array.length;
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

const read = (data: Uint8Array, { dtype, shape, data_offsets: [from, to] }: Entry): Stored => {
  const { buffer } = new Uint8Array(data.subarray(from, to)); // a copy: aligned
  return { dtype, shape, values: new constructors[dtype](buffer) };
};

/** Compares the contents with the hash that the metadata carry, where they do. */
const checkSeal = (header: Record<string, unknown>, data: Uint8Array, hash: Hash): boolean => {
  const metadata = readMetadata(header.__metadata__);
  if (!Object.hasOwn(metadata, SEAL)) return false;
  const { [SEAL]: seal, ...rest } = metadata;
  const found = hash(unsealed(Object.fromEntries(Object.entries({ ...header, __metadata__: rest }))), data);
  if (found !== seal) bad(`the hash of the contents, ${seal} when it was written,`, found);
  return true;
};

/**
 * The bytes of a file to tensors and metadata, each array a copy; the hash of the contents is compared and left out.
 * @throws RangeError naming what was found when the header, a shape, a place or the hash does not fit, or bytes are left
 */
export const decodeSafetensors = (bytes: Uint8Array, hash: Hash = sha256): Decoded => {
  const { header, start } = readHeader(bytes);
  const { __metadata__: raw, ...rest } = header;
  const data = bytes.subarray(start);
  const entries = Object.entries(rest).map(([name, value]) => [name, readEntry(name, value)] as const);
  checkPlaces(entries, data.length);
  const { [SEAL]: _, ...metadata } = readMetadata(raw);
  const checked = checkSeal(header, data, hash);
  return { tensors: new Map(entries.map(([name, entry]) => [name, read(data, entry)])), metadata, checked };
};
