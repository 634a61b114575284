import type { Checker } from './checker.js';
import { cellsText, configText, EMPTY_SLOT, type Layout } from './virtual.js';

/** The texts of the cells' modules: a pool of slots, which grows. */
export interface Slots {
  /** Sets the text of a slot; returns how to take it back. @param jsx whether it is TypeScript with JSX */
  put(slot: number, text: string, jsx?: boolean): () => void;
  /** The file that a slot is now. */
  file(slot: number): string;
  /** Another number whenever the text of the slot has changed. */
  version(slot: number): number;
}

/** How many there are before the first cell. */
export const FIRST_POOL = 64;

export const createSlots = (paths: Layout, checker: Checker): Slots => {
  const texts = new Map<number, { readonly text: string; readonly jsx: boolean; readonly version: number }>();
  const current = (slot: number) => texts.get(slot) ?? { text: EMPTY_SLOT, jsx: false, version: 0 };
  let pool = FIRST_POOL;

  const grow = () => {
    const before = pool;
    pool *= 2;
    const files = new Map([
      [paths.config, configText(paths, pool)],
      [paths.cells, cellsText(pool)],
    ]);
    for (let slot = before; slot < pool; slot++) files.set(paths.slot(slot), EMPTY_SLOT);
    checker.update(files);
  };

  const file = (slot: number) => paths.slot(slot, current(slot).jsx);

  const put = (slot: number, text: string, jsx = false): (() => void) => {
    while (slot >= pool) grow();
    const before = current(slot);
    const gone = before.jsx === jsx ? [] : [[paths.slot(slot, before.jsx), undefined] as const];
    texts.set(slot, { text, jsx, version: before.version + 1 });
    checker.update(new Map([...gone, [paths.slot(slot, jsx), text]]));
    return () => put(slot, before.text, before.jsx);
  };

  return { put, file, version: slot => current(slot).version };
};
