import { outputsDiffer, type Tolerance } from '../compare.js';
import type { CellChange } from '../html/diff-page.js';
import { type Cell, isCode, type Notebook } from '../record/nbformat.js';
import { align } from './align.js';

const lineChanges = (before: string, after: string): string[] =>
  before === after
    ? []
    : align(before.split('\n'), after.split('\n'), (a, b) => a === b).map(([a, b]) =>
        a === undefined ? `+ ${b}` : b === undefined ? `- ${a}` : `  ${a}`,
      );

/** Ids name a cell whose text was edited; where an id is new, the text does. */
const isSame = (a: Cell, b: Cell): boolean => a.cell_type === b.cell_type && (a.id === b.id || a.source === b.source);

const marked = (mark: string, { source }: Cell): string[] => source.split('\n').map(line => `${mark} ${line}`);

/** What differs between two notebooks, cell by cell; numbers in outputs within the tolerance do not. */
export const compareNotebooks = (a: Notebook, b: Notebook, tolerance: Tolerance): CellChange[] =>
  align(a.cells, b.cells, isSame).flatMap(([before, after]): CellChange[] => {
    if (before === undefined)
      return after ? [{ number: b.cells.indexOf(after) + 1, after, lines: marked('+', after) }] : [];
    if (after === undefined) return [{ number: a.cells.indexOf(before) + 1, before, lines: marked('-', before) }];
    const lines = lineChanges(before.source, after.source);
    const outputs = isCode(before) && isCode(after) ? outputsDiffer(before, after.outputs, tolerance) : undefined;
    if (lines.length === 0 && outputs === undefined) return [];
    return [{ number: b.cells.indexOf(after) + 1, before, after, lines, ...(outputs && { outputs }) }];
  });
