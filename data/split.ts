import { integer, within } from '../lib/errors.js';
import { permutation } from './batches/plan.js';
import { chooseImages, type ImageSet } from './image-set.js';

/**
 * Divides a set by chance, the same way for the same seed; both parts keep the set's order.
 * @param options.test the share of the images that are kept for testing, in [0, 1]
 */
export function split(set: ImageSet, options: { readonly test: number; readonly seed: number }) {
  const count = set.images.shape[0]!;
  const tests = Math.round(count * within('test', options.test, 0, 1));
  const order = permutation(count, integer('seed', options.seed));
  const part = (from: number, to: number): ImageSet => chooseImages(set, order.slice(from, to).sort());
  return { train: part(tests, count), test: part(0, tests) };
}
