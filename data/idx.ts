import ndarray, { type NdArray } from 'ndarray';

/** The element type of an IDX file of unsigned bytes, the only one that MNIST and its relatives use. */
const UNSIGNED_BYTE = 0x08;

const hex = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/**
 * Reads an IDX file: two zero bytes, the element type, the number of dimensions, the sizes as big-endian uint32, then
 * the elements in row-major order. The result is a view of the bytes, nothing is copied.
 * @param shape the sizes that are expected
 * @throws where magic number, sizes or length differ, naming the file, what was expected and what was found.
 */
export function parseIdx(bytes: Uint8Array, shape: readonly number[], file: string): NdArray<Uint8Array> {
  const header = 4 + 4 * shape.length;
  const magic = (UNSIGNED_BYTE << 8) | shape.length;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < header) {
    throw new Error(`${file}: truncated: the header has ${header} bytes, the file ${bytes.byteLength}`);
  }
  const found = view.getUint32(0);
  if (found !== magic) throw new Error(`${file}: magic number ${hex(found)} found, ${hex(magic)} expected`);
  const sizes = shape.map((_, axis) => view.getUint32(4 + 4 * axis));
  if (sizes.some((size, axis) => size !== shape[axis])) {
    throw new Error(`${file}: sizes ${sizes.join('×')} found, ${shape.join('×')} expected`);
  }
  const length = shape.reduce((product, size) => product * size, 1);
  if (bytes.byteLength !== header + length) {
    throw new Error(`${file}: ${bytes.byteLength} bytes found, ${header + length} expected`);
  }
  return ndarray(bytes.subarray(header), [...shape]);
}
