import { keep, type Tensor } from '@tensorflow/tfjs-core';

/** A value that a multistep method kept at time t. */
export interface Kept {
  readonly t: number;
  readonly value: Tensor;
}

/** Names one step's place in a memory. */
export type MemoryKey = symbol;

export const memoryKey = (): MemoryKey => Symbol('step');

/**
 * What the steps of one run remember. `solve` makes one for each run and disposes of it at the end, so a step holds
 * no state itself and may serve several runs at once.
 */
export interface Memory {
  /** Newest first. */
  read(key: MemoryKey): readonly Kept[];
  /** Keeps a value; only the newest `depth` stay. */
  push(key: MemoryKey, t: number, value: Tensor): void;
  dispose(): void;
}

/** @param depth how many values of each step stay */
export const createMemory = (depth = 2): Memory => {
  const store = new Map<MemoryKey, Kept[]>();
  return {
    read: key => store.get(key) ?? [],
    push: (key, t, value) => {
      // A clone has its own life: the step's tidy may free the original.
      const list = [{ t, value: keep(value.clone()) }, ...(store.get(key) ?? [])];
      for (const old of list.splice(depth)) old.value.dispose();
      store.set(key, list);
    },
    dispose: () => {
      for (const list of store.values()) for (const { value } of list) value.dispose();
      store.clear();
    },
  };
};
