import { keep, type Tensor } from '@tensorflow/tfjs-core';
import { createPast, type Past } from '../samplers/past.js';

/** Names one step's place in a memory. */
export type MemoryKey = symbol;

/** A new place, different from all others. */
export const memoryKey = (): MemoryKey => Symbol('step');

/**
 * What the steps of one run remember. `solve` makes one for each run and disposes of it at the end, so a step holds
 * no state itself and may serve several runs at once.
 */
export interface Memory {
  /** The past of one step. */
  of(key: MemoryKey): Past<Tensor>;
  /** Releases all that is remembered. */
  dispose(): void;
}

/** A past that holds handles of its own: the step's tidy may free the originals. */
const tensorPast = (): Past<Tensor> => {
  const past = createPast<Tensor>(value => value.dispose());
  return { ...past, push: (t, value, depth) => past.push(t, keep(value.clone()), depth) };
};

/** The empty memory of a new run. */
export const createMemory = (): Memory => {
  const pasts = new Map<MemoryKey, Past<Tensor>>();
  return {
    of: key => {
      const past = pasts.get(key) ?? tensorPast();
      pasts.set(key, past);
      return past;
    },
    dispose: () => {
      for (const past of pasts.values()) past.clear();
      pasts.clear();
    },
  };
};
