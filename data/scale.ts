/** Where the bytes 0 and 255 go. */
export type Range = readonly [low: number, high: number];

/** Black is −1 and white is 1: as far from 0 as the noise. */
export const CENTRED: Range = [-1, 1];

/** The value of each of the 256 bytes. */
export const scaleOf = ([low, high]: Range): Float32Array =>
  Float32Array.from({ length: 256 }, (_, byte) => low + (byte * (high - low)) / 255);
