import { add, type Tensor, tensor1d, tidy } from '@tensorflow/tfjs-core';
import { scaleRows } from '../broadcast.js';
import type { GaussianProcess, Score } from '../types.js';

/** E[x_0 | x_t] = (x + σ² s)/α, Tweedie's formula; t is one time or one per row. */
export const denoise = (
  process: GaussianProcess,
  score: Score,
  x: Tensor,
  t: number | readonly number[],
): Tensor =>
  tidy(() => {
    const s = typeof t === 'number' ? score(x, t) : score(x, tensor1d([...t]));
    const each = (value: (time: number) => number): number | number[] =>
      typeof t === 'number' ? value(t) : t.map(value);
    return add(
      scaleRows(
        each(time => 1 / process.alpha(time)),
        x,
      ),
      scaleRows(
        each(time => process.sigma(time) ** 2 / process.alpha(time)),
        s,
      ),
    );
  });
