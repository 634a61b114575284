import type { Project } from '../project/project.js';
import type { Checker } from './checker.js';
import { allText, configText, EMPTY_SLOT, type Layout } from './virtual.js';

/** The texts of the cells' modules: a pool of slots, which grows. */
export interface Slots {
  /** Sets the text of a slot; returns how to take it back. */
  put(slot: number, text: string): () => void;
  /** Another number whenever the text of the slot has changed. */
  version(slot: number): number;
}

/** How many there are before the first cell. */
export const FIRST_POOL = 64;

export const createSlots = (project: Project, paths: Layout, checker: Checker): Slots => {
  const texts = new Map<number, { readonly text: string; readonly version: number }>();
  const current = (slot: number) => texts.get(slot) ?? { text: EMPTY_SLOT, version: 0 };
  let pool = FIRST_POOL;

  const grow = () => {
    const before = pool;
    pool *= 2;
    const files = new Map([
      [paths.config, configText(project, paths, pool)],
      [paths.all, allText(pool)],
    ]);
    for (let slot = before; slot < pool; slot++) files.set(paths.slot(slot), EMPTY_SLOT);
    checker.update(files);
  };

  const put = (slot: number, text: string): (() => void) => {
    while (slot >= pool) grow();
    const before = current(slot);
    texts.set(slot, { text, version: before.version + 1 });
    checker.update(new Map([[paths.slot(slot), text]]));
    return () => put(slot, before.text);
  };

  return { put, version: slot => current(slot).version };
};
