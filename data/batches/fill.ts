import type { Draw } from './plan.js';

/** The images to draw from, as plain bytes that threads can share. */
export interface Source {
  readonly pixels: Uint8Array;
  /** [H, W, C] of one image. */
  readonly shape: readonly [number, number, number];
  readonly labels: Uint16Array;
}

/** Where a batch is put. */
export interface Slot {
  readonly images: Float32Array;
  readonly labels: Uint16Array;
}

/** Puts the drawn images into a slot, scaled by a table of the 256 values. */
export function fillSlot(
  { pixels, shape, labels }: Source,
  { rows, mirrored }: Draw,
  scale: Float32Array,
  to: Slot,
): void {
  const [height, width, channels] = shape;
  const size = height * width * channels;
  rows.forEach((row, nth) => {
    to.labels[nth] = labels[row]!;
    const [from, start] = [row * size, nth * size];
    if (mirrored[nth] === 0) {
      for (let i = 0; i < size; i++) to.images[start + i] = scale[pixels[from + i]!]!;
      return;
    }
    for (let i = 0; i < size; i += channels) {
      const x = (i / channels) % width;
      const other = from + i + (width - 1 - 2 * x) * channels;
      for (let c = 0; c < channels; c++) to.images[start + i + c] = scale[pixels[other + c]!]!;
    }
  });
}
