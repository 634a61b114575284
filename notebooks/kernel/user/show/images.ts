import { deflateSync } from 'node:zlib';
import type { Data, Presenter } from './presenter.js';

const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
];

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** The bytes of an image file. */
export const imageFile: Presenter = value => {
  if (!(value instanceof Uint8Array)) return undefined;
  const found = SIGNATURES.find(([, start]) => start.every((byte, index) => value[index] === byte));
  return found && { [found[0]]: base64(value), 'text/plain': `${found[0]}, ${value.length} bytes` };
};

interface Pixels {
  readonly width: number;
  readonly height: number;
  /** RGBA, row by row. */
  readonly data: Uint8Array | Uint8ClampedArray;
}

const isPixels = (value: object): value is Pixels => {
  const { width, height, data } = value as Record<string, unknown>;
  const bytes = data instanceof Uint8ClampedArray || data instanceof Uint8Array;
  return typeof width === 'number' && typeof height === 'number' && bytes && data.length === 4 * width * height;
};

/** ImageData of a canvas, and everything that looks like it. */
export const pixels: Presenter = value =>
  isPixels(value)
    ? { 'image/png': base64(encodePng(value)), 'text/plain': `image ${value.width}×${value.height}` }
    : undefined;

/** A canvas (node-canvas, @napi-rs/canvas). */
export const canvas: Presenter = (value): Data | undefined => {
  const { width, height, getContext, toBuffer } = value as Record<string, unknown>;
  if (typeof getContext !== 'function' || typeof toBuffer !== 'function') return undefined;
  const bytes: unknown = toBuffer.call(value, 'image/png');
  if (!(bytes instanceof Uint8Array)) return undefined;
  return { 'image/png': base64(bytes), 'text/plain': `canvas ${width}×${height}` };
};

/** RGBA → PNG, eight bits a channel, no filter. */
export const encodePng = ({ width, height, data }: Pixels): Buffer => {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 6], 8);
  const rows = Buffer.alloc(height * (4 * width + 1));
  for (let y = 0; y < height; y++) {
    rows.set(data.subarray(4 * width * y, 4 * width * (y + 1)), y * (4 * width + 1) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
};

const chunk = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
};

/** Node's own came with 22.2. */
const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
};
