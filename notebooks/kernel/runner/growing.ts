import type { Notebook } from './record/nbformat.js';
import type { Watcher } from './watcher.js';

/** The least time between two writes of one notebook, and how many times longer than a write itself it is. */
const APART_MS = 500;
const SHARE = 20;

/**
 * Writes each notebook while it runs, with what it has shown so far: a run that is killed can say nothing any more.
 * A failed write is left to the one at the end, which reports it.
 */
export const createGrowing = (write: (file: string, notebook: Notebook) => void): Watcher => {
  const waiting = new Map<string, NodeJS.Timeout>();
  const rests = new Map<string, number>();
  const writeNow = (file: string, notebook: () => Notebook): void => {
    waiting.delete(file);
    const began = performance.now();
    try {
      write(file, notebook());
    } catch {}
    const ended = performance.now();
    rests.set(file, ended + Math.max(APART_MS, SHARE * (ended - began)));
  };
  return {
    grew(file, notebook) {
      if (waiting.has(file)) return;
      const wait = Math.max(0, (rests.get(file) ?? 0) - performance.now());
      waiting.set(file, setTimeout(writeNow, wait, file, notebook));
    },
    ended({ file }) {
      clearTimeout(waiting.get(file));
      waiting.delete(file);
    },
  };
};
