import type { Mapping } from '../compiler/mappings.js';

/** What is kept of a cell for its tracebacks. */
export interface Cell {
  readonly id: number;
  readonly label: string;
  readonly js: string;
  readonly source: string;
  readonly mappings: readonly Mapping[];
}

/** The cells that ran. */
export interface Cells {
  enter(cell: Cell): void;
  /** The running cell or the latest one: output goes there, also that of earlier cells' timers. */
  current(): number;
  get(id: number): Cell | undefined;
}

/** Tracebacks reach into functions of earlier cells; beyond this many the texts are let go. */
const KEPT = 1000;

export const createCells = (): Cells => {
  const cells = new Map<number, Cell>();
  let latest = 0;
  return {
    enter(cell) {
      cells.set(cell.id, cell);
      cells.delete(cell.id - KEPT);
      latest = cell.id;
    },
    current: () => latest,
    get: id => cells.get(id),
  };
};

const NAME = /^tsnb:cell\/(\d+)$/;

export const cellUrl = (id: number): string => `tsnb:cell/${id}`;

export const cellOfUrl = (url: string): number | undefined => {
  const found = NAME.exec(url)?.[1];
  return found === undefined ? undefined : Number(found);
};
