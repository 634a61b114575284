import { reject } from '../errors.js';
import { solvePositive } from '../math/linear-algebra.js';
import { gammaOf } from './average.js';

/** A power-function average as it stood after some steps. */
export interface KeptAverage {
  /** The width that `powerAverage` was given. */
  readonly width: number;
  readonly steps: number;
  /** [P]. */
  readonly values: Float32Array;
}

/** ∫ p q of the profiles p ∝ τ^γ on [0, t], both with area 1. */
const overlap = (g: number, t: number, h: number, u: number): number => {
  const [first, last, ratio] = t < u ? [h, u, t / u] : [g, t, u / t];
  return (((g + 1) * (h + 1)) / ((g + h + 1) * last)) * ratio ** first;
};

/**
 * The weights of kept averages in the one of another width after so many steps: the profile nearest to its own, by least
 * squares. [Karras 2024, §3.2]
 */
export const postHocWeights = (
  kept: readonly Pick<KeptAverage, 'width' | 'steps'>[],
  width: number,
  steps: number,
): number[] => {
  const at = kept.map(k => [gammaOf(k.width), k.steps] as const);
  const gamma = gammaOf(width);
  // Near neighbours in time have nearly the same profile; a trace on the diagonal keeps the system solvable.
  const matrix = at.map(([g, t], i) => at.map(([h, u], j) => overlap(g, t, h, u) * (i === j ? 1 + 1e-12 : 1)));
  return solvePositive(
    matrix,
    at.map(([g, t]) => overlap(g, t, gamma, steps)),
  );
};

/**
 * The average of any width, from averages of two (or more) widths kept during the run: as if it had been tracked.
 * @param width the standard deviation of the window over the length of the run
 * @returns [P]
 * @throws RangeError without averages, or when a kept one is of later steps
 */
export const postHoc = (kept: readonly KeptAverage[], width: number, steps: number): Float32Array => {
  const size = kept[0]?.values.length ?? reject('the number of kept averages', 0, 'keep some during the run');
  const late = kept.find(k => k.steps > steps);
  if (late) reject('the steps of a kept average', late.steps, `the average after ${steps} steps knows nothing later`);
  const sum = new Float64Array(size);
  for (const [i, w] of postHocWeights(kept, width, steps).entries()) {
    const { values } = kept[i]!;
    for (let j = 0; j < size; j++) sum[j]! += w * values[j]!;
  }
  return Float32Array.from(sum);
};
