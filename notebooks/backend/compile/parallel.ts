import { availableParallelism } from 'node:os';
import { concat, split, type Tensor } from '@tensorflow/tfjs-core';
import type { Apply } from '../../../lib/score/score.js';
import { nativeBackend } from './binding.js';
import { isRecording, noteParts } from './trace.js';

/** Parts beyond which a program gets longer and hardly faster: each brings all of the function's operations once more. */
const MOST = 4;

/** Cuts rows into parts whose sizes differ by one at most. */
const sizes = (rows: number, parts: number): number[] =>
  Array.from(
    { length: parts },
    (_, i) => Math.floor(((i + 1) * rows) / parts) - Math.floor((i * rows) / parts),
  );

/** Threads for an operation of one part when all parts run at once. */
export const threadsBeside = (parts: number): number =>
  Math.max(1, Math.floor(availableParallelism() / parts));

/**
 * The same function of rows, in as many parts as there are cores, up to four, inside a compiled function: the parts
 * run at once, each operation on its own core, so that cores do not wait for each other after every operation. Every
 * argument and the result have one entry per row, [B, ...], and a row's result depends on that row alone. Results and
 * gradients are equal up to rounding. Elsewhere, and on a GPU, it is the function itself.
 */
export const parallel =
  <A extends [Tensor, ...Tensor[]]>(
    fn: (...rows: A) => Tensor,
    parts = Math.min(MOST, availableParallelism()),
  ): ((...rows: A) => Tensor) =>
  (...args) => {
    const backend = nativeBackend();
    const rows = args[0].shape[0] ?? 1;
    const count = Math.min(parts, rows);
    if (!backend || backend.isUsingGpuDevice || !isRecording(backend) || count < 2) return fn(...args);
    noteParts(backend, count);
    const odd = args.findIndex(argument => argument.shape[0] !== rows);
    if (odd >= 0)
      throw new RangeError(
        `argument ${odd + 1} of a parallel function has the shape [${args[odd]!.shape}], and the first has ${rows} rows: ` +
          'give every argument one entry per row',
      );
    const cut = sizes(rows, count);
    const pieces = args.map(argument => split(argument, cut));
    return concat(
      cut.map((_, i) => fn(...(pieces.map(piece => piece[i]!) as A))),
      0,
    );
  };

/** A network in parallel parts where its rows are images; smaller rows are bound by the dispatch of operations. */
export const imagesInParallel = (apply: Apply): Apply => {
  const parts = parallel(apply);
  return (x, label) => (x.rank > 3 ? parts : apply)(x, label);
};
