import { availableParallelism } from 'node:os';
import { concat, split, type Tensor } from '@tensorflow/tfjs-core';
import type { Apply } from '../../../lib/score/score.js';
import { nativeBackend } from './binding.js';
import { deviceOf } from './device.js';
import { isRecording, noteParts } from './trace.js';
import { flatten, identities } from './tree.js';

/** Parts beyond which a program gets longer and hardly faster: each brings all of the function's operations once more. */
const MOST = 4;

/** Cuts rows into parts whose sizes differ by one at most. */
const sizes = (rows: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, i) => Math.floor(((i + 1) * rows) / parts) - Math.floor((i * rows) / parts));

/** Threads for an operation of one part when all parts run at once. */
export const threadsBeside = (parts: number): number => Math.max(1, Math.floor(availableParallelism() / parts));

/** The number of rows that all these tensors have. */
const commonRows = (tensors: readonly Tensor[]): number => {
  const rows = tensors[0]?.shape[0] ?? 1;
  const odd = tensors.find(tensor => tensor.shape[0] !== rows);
  if (odd)
    throw new RangeError(
      `a tensor for a parallel function has the shape [${odd.shape}], and the first has ${rows} rows: ` +
        'give every tensor one entry per row',
    );
  return rows;
};

/**
 * The same function of rows, in as many parts as there are cores, up to four, inside a compiled function: the parts
 * run at once, each operation on its own core, so that cores do not wait for each other after every operation. All
 * tensors among the arguments, and the result, have one entry per row, [B, ...], and a row's result depends on that row
 * alone. Results and gradients are equal up to rounding. Elsewhere, and on a GPU or another device, it is the function
 * itself.
 * @throws RangeError when the tensors differ in their number of rows
 */
export const parallel =
  <A extends unknown[]>(
    fn: (...args: A) => Tensor,
    parts = Math.min(MOST, availableParallelism()),
  ): ((...args: A) => Tensor) =>
  (...args) => {
    const backend = nativeBackend();
    if (!backend || backend.isUsingGpuDevice || deviceOf(backend) || !isRecording(backend)) return fn(...args);
    const { tensors, rebuild } = flatten(args, identities());
    const rows = commonRows(tensors);
    const count = Math.min(parts, rows);
    if (count < 2) return fn(...args);
    noteParts(backend, count);
    const cut = sizes(rows, count);
    const pieces = tensors.map(tensor => split(tensor, cut));
    return concat(
      cut.map((_, i) => fn(...(rebuild(pieces.map(piece => piece[i]!)) as A))),
      0,
    );
  };

/** A network in parallel parts where its rows are images; smaller rows are bound by the dispatch of operations. */
export const imagesInParallel = (apply: Apply): Apply => {
  const parts = parallel(apply);
  return (x, label) => (x.rank > 3 ? parts : apply)(x, label);
};
