import { type ImageSet, imageSet } from './image-set.js';

const SIDE = 32;
const PLANE = SIDE * SIDE;
/** A record of the binary layout: the label, then the red, the green and the blue plane. */
export const RECORD = 1 + 3 * PLANE;

/** The names of CIFAR-10's classes, in the order of their labels. */
export const cifarClasses: readonly string[] = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
];

/**
 * Batches in CIFAR-10's binary layout, one after the other, as one set of RGB images [N, 32, 32, 3].
 * @throws where a batch is no whole number of records or a label none of the ten, naming the batch.
 */
export function parseCifar(batches: ReadonlyMap<string, Uint8Array>): ImageSet {
  for (const [name, { length }] of batches) {
    if (length > 0 && length % RECORD === 0) continue;
    throw new Error(`${name}: ${length} bytes found, a multiple of ${RECORD} expected`);
  }
  const count = [...batches.values()].reduce((sum, { length }) => sum + length / RECORD, 0);
  const pixels = new Uint8Array(count * 3 * PLANE);
  const labels = new Uint8Array(count);
  let row = 0;
  for (const [name, bytes] of batches) {
    for (let at = 0; at < bytes.length; at += RECORD, row++) {
      labels[row] = bytes[at]!;
      if (labels[row]! >= cifarClasses.length) {
        throw new Error(`${name}: label ${labels[row]} found at byte ${at}, 0 to ${cifarClasses.length - 1} expected`);
      }
      interleave(bytes.subarray(at + 1, at + RECORD), pixels, row * 3 * PLANE);
    }
  }
  return imageSet({ pixels, shape: [SIDE, SIDE, 3], labels, classes: cifarClasses }, [...batches.keys()].join(', '));
}

/** Three planes to the three channels of each pixel. */
function interleave(planes: Uint8Array, out: Uint8Array, from: number): void {
  for (let i = 0; i < PLANE; i++) {
    out[from + 3 * i] = planes[i]!;
    out[from + 3 * i + 1] = planes[PLANE + i]!;
    out[from + 3 * i + 2] = planes[2 * PLANE + i]!;
  }
}

/** The inverse: images [N, 32, 32, 3] as a batch in the binary layout. */
export function formatCifar(pixels: Uint8Array, labels: ArrayLike<number>): Uint8Array {
  const out = new Uint8Array(labels.length * RECORD);
  for (let row = 0; row < labels.length; row++) {
    const to = row * RECORD;
    out[to] = labels[row]!;
    for (let i = 0; i < PLANE; i++) {
      for (let c = 0; c < 3; c++) out[to + 1 + c * PLANE + i] = pixels[3 * (row * PLANE + i) + c]!;
    }
  }
  return out;
}
