import type { Rng } from '../lib/rng/rng.js';
import { type ImageSet, imageSet } from './image-set.js';

const SIZE = 32;
/** The edge of the squares that share a value, and the deviation of their values, in units where white is 1. */
const scales = [
  [32, 0.3],
  [16, 0.24],
  [8, 0.18],
  [4, 0.12],
  [2, 0.08],
  [1, 0.05],
] as const;

/**
 * Colour images of 32×32 pixels that stand in for photographs where these cannot be had: sums of squares of all sizes
 * with normal values, the large ones stronger. Up to rounding and clipping their law is Gaussian, so that the best
 * denoiser of them is linear.
 */
export function textures(count: number, rng: Rng): ImageSet {
  const values = new Float32Array(count * SIZE * SIZE * 3);
  for (const [edge, deviation] of scales) {
    const squares = SIZE / edge;
    const normals = rng.normals(count * squares * squares * 3);
    let at = 0;
    for (let n = 0; n < count; n++) {
      for (let y = 0; y < SIZE; y++) {
        for (let x = 0; x < SIZE; x++) {
          const square = (n * squares + Math.floor(y / edge)) * squares + Math.floor(x / edge);
          for (let c = 0; c < 3; c++) values[at++]! += deviation * normals[3 * square + c]!;
        }
      }
    }
  }
  const pixels = Uint8Array.from(values, v => Math.min(255, Math.max(0, Math.round(127.5 * (1 + v)))));
  return imageSet({ pixels, shape: [SIZE, SIZE, 3], labels: new Uint16Array(count), classes: ['texture'] }, 'textures');
}
