import ndarray, { type NdArray } from 'ndarray';
import { CENTRED, scaleOf } from './scale.js';

/**
 * The chosen images as a network wants them: v/127.5 − 1, so that 0 becomes −1 and 255 becomes 1.
 * @param images [N, H, W, C] in row-major order
 * @param rows which images, [B]
 * @returns [B, H, W, C] in row-major order
 * @throws where a row does not exist
 */
export function toCentered(images: NdArray<Uint8Array>, rows: ArrayLike<number>): NdArray<Float32Array> {
  const [count = 0, ...shape] = images.shape;
  const size = shape.reduce((product, n) => product * n, 1);
  const scale = scaleOf(CENTRED);
  const values = new Float32Array(rows.length * size);
  for (let row = 0; row < rows.length; row++) {
    const index = rows[row]!;
    if (!(index >= 0 && index < count)) throw new Error(`image ${index} does not exist: there are ${count}`);
    const from = index * size;
    for (let i = 0; i < size; i++) values[row * size + i] = scale[images.data[from + i]!]!;
  }
  return ndarray(values, [rows.length, ...shape]);
}
