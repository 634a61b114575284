import { stack, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { integer } from '../errors.js';

/** Watches one number per step. */
export interface FiniteCheck {
  /** Takes the number of a step, which it disposes of, and reads all that it has when there are enough. */
  add(step: number, value: Tensor): void;
  /** Reads what is left. */
  read(): void;
  clear(): void;
}

/**
 * Collects scalars and reads them in one go, so that the check does not stall the device.
 * @param every how many are read together; 0 switches the check off
 * @param bad is handed the first step whose number is not finite
 */
export const finiteCheck = (every: number, bad: (step: number, value: number) => never): FiniteCheck => {
  integer('checkEvery', every);
  let kept: { step: number; value: Tensor }[] = [];
  const clear = (): void => {
    for (const { value } of kept) value.dispose();
    kept = [];
  };
  const read = (): void => {
    if (kept.length === 0) return;
    const values = tidy(() => stack(kept.map(k => k.value)).dataSync());
    const steps = kept.map(k => k.step);
    clear();
    const first = values.findIndex(v => !Number.isFinite(v));
    if (first >= 0) bad(steps[first]!, values[first]!);
  };
  const add = (step: number, value: Tensor): void => {
    kept.push({ step, value });
    if (every === 0) clear();
    else if (kept.length >= every) read();
  };
  return { add, read, clear };
};
