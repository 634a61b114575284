import ndarray, { type NdArray } from 'ndarray';

/** Images of one size with their classes: what every loader returns, and what batches are drawn from. */
export interface ImageSet {
  /** [N, H, W, C] in row-major order, 0 to 255; C is 1 for grey images and 3 for RGB. */
  readonly images: NdArray<Uint8Array>;
  /** [N], places in `classes`. */
  readonly labels: NdArray<Uint16Array>;
  readonly classes: readonly string[];
}

/** What a set is made of. */
export interface ImageSetParts {
  /** The pixels of all images, one image after the other. */
  readonly pixels: Uint8Array;
  /** [H, W, C] of one image. */
  readonly shape: readonly [number, number, number];
  readonly labels: ArrayLike<number>;
  readonly classes: readonly string[];
}

/**
 * The pixels become a view, nothing is copied.
 * @param name what errors call the set, such as its file
 * @throws where the pixels are not those of as many images as there are labels, or a label has no class
 */
export function imageSet({ pixels, shape, labels, classes }: ImageSetParts, name: string): ImageSet {
  const count = labels.length;
  const expected = shape.reduce((product, size) => product * size, count);
  if (pixels.length !== expected) {
    throw new Error(`${name}: ${pixels.length} bytes of pixels found, ${[count, ...shape].join('×')} expected`);
  }
  for (let i = 0; i < count; i++) {
    if (Number.isInteger(labels[i]) && labels[i]! >= 0 && labels[i]! < classes.length) continue;
    throw new Error(`${name}: label ${labels[i]} of image ${i} found, 0 to ${classes.length - 1} expected`);
  }
  return { images: ndarray(pixels, [count, ...shape]), labels: ndarray(Uint16Array.from(labels), [count]), classes };
}

/**
 * Copies the chosen images into a set of their own.
 * @throws where a row does not exist
 */
export function chooseImages({ images, labels, classes }: ImageSet, rows: ArrayLike<number>): ImageSet {
  const [count = 0, ...shape] = images.shape as [number, number, number, number];
  const size = shape.reduce((product, n) => product * n, 1);
  const pixels = new Uint8Array(rows.length * size);
  const chosen = new Uint16Array(rows.length);
  for (let row = 0; row < rows.length; row++) {
    const index = rows[row]!;
    if (!(index >= 0 && index < count)) throw new Error(`image ${index} does not exist: there are ${count}`);
    pixels.set(images.data.subarray(index * size, (index + 1) * size), row * size);
    chosen[row] = labels.get(index);
  }
  return { images: ndarray(pixels, [rows.length, ...shape]), labels: ndarray(chosen, [rows.length]), classes };
}
