import { crc32, deflateSync } from 'node:zlib';
import type { Indexed } from './palette.js';

const chunk = (type: string, body: Uint8Array): Buffer => {
  const tagged = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const out = Buffer.alloc(tagged.length + 8);
  out.writeUInt32BE(body.length, 0);
  tagged.copy(out, 4);
  out.writeUInt32BE(crc32(tagged), tagged.length + 4);
  return out;
};

/** Rows with filter 0 ("none") in front of each: it suits palettes, and small pictures lose little by it. */
const unfiltered = (bytes: Uint8Array, stride: number): Uint8Array => {
  const height = bytes.length / stride;
  const rows = Buffer.alloc((stride + 1) * height);
  for (let y = 0; y < height; y++) rows.set(bytes.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return rows;
};

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

const file = (width: number, height: number, colourType: number, rows: Uint8Array, palette: Buffer[] = []) => {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourType, 0, 0, 0], 8);
  const body = deflateSync(rows, { level: 9, memLevel: 9 });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    ...palette,
    chunk('IDAT', body),
    chunk('IEND', new Uint8Array()),
  ]);
};

/** A PNG file with a palette of at most 256 colours, 8 bits a pixel. [W3C PNG, colour type 3] */
export const encodePng = ({ pixels, colours }: Indexed, width: number, height: number): Uint8Array =>
  file(width, height, 3, unfiltered(pixels, width), [chunk('PLTE', Uint8Array.from(colours.flat()))]);

/** A PNG file from red, green, blue bytes, row after row; written as grey where the channels agree everywhere. */
export const encodeRgb = (rgb: Uint8Array, width: number, height: number): Uint8Array => {
  const grey = new Uint8Array(width * height);
  let coloured = false;
  for (let p = 0; p < grey.length; p++) {
    grey[p] = rgb[3 * p]!;
    coloured ||= rgb[3 * p] !== rgb[3 * p + 1] || rgb[3 * p] !== rgb[3 * p + 2];
  }
  return coloured
    ? file(width, height, 2, unfiltered(rgb, 3 * width))
    : file(width, height, 0, unfiltered(grey, width));
};
