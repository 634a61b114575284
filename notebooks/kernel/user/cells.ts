import { AsyncLocalStorage } from 'node:async_hooks';
import type { Mapping } from '../compile/mappings.js';

/** What is kept of a cell for its output and its tracebacks. */
export interface Cell {
  readonly id: number;
  readonly label: string;
  readonly js: string;
  readonly source: string;
  readonly mappings: readonly Mapping[];
}

/** The cells that ran, and which of them the code that is running now belongs to (also in timers and callbacks). */
export interface Cells {
  enter<T>(cell: Cell, run: () => T): T;
  /** The cell whose code is running, or the latest one. */
  current(): number;
  get(id: number): Cell | undefined;
}

/** Tracebacks reach into functions of earlier cells; beyond this many the texts are let go. */
const KEPT = 1000;

export const createCells = (): Cells => {
  const storage = new AsyncLocalStorage<number>();
  const cells = new Map<number, Cell>();
  let latest = 0;
  return {
    enter(cell, run) {
      cells.set(cell.id, cell);
      cells.delete(cell.id - KEPT);
      latest = cell.id;
      return storage.run(cell.id, run);
    },
    current: () => storage.getStore() ?? latest,
    get: id => cells.get(id),
  };
};

const NAME = /^tsnb:cell\/(\d+)$/;

export const cellUrl = (id: number): string => `tsnb:cell/${id}`;
export const cellOfUrl = (url: string): number | undefined => {
  const found = NAME.exec(url)?.[1];
  return found === undefined ? undefined : Number(found);
};
