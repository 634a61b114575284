import type { Execute } from '../link/protocol.js';

/** The cells that ran, as they were sent. */
export interface Cells {
  enter(command: Execute): void;
  /** The running cell or the latest one: output goes there, also that of earlier cells' timers. */
  current(): number;
  get(cell: number): Execute | undefined;
  /** The latest one that tracebacks call so. */
  labelled(label: string): Execute | undefined;
}

/** Tracebacks reach into functions of earlier cells; beyond this many the texts are let go. */
const KEPT = 1000;

export const createCells = (): Cells => {
  const cells = new Map<number, Execute>();
  let latest = 0;
  return {
    enter(command) {
      latest = command.cell;
      cells.set(latest, command);
      cells.delete(latest - KEPT);
    },
    current: () => latest,
    get: cell => cells.get(cell),
    labelled: label => [...cells.values()].findLast(each => each.label === label),
  };
};

const NAME = /^tsnb:cell\/(\d+)$/;

export const cellUrl = (cell: number): string => `tsnb:cell/${cell}`;

export const cellOfUrl = (url: string): number | undefined => {
  const found = NAME.exec(url)?.[1];
  return found === undefined ? undefined : Number(found);
};
