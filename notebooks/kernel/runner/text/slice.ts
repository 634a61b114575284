import { reading } from '../../compiler/literal.js';
import { parse, programOf } from '../../compiler/parse.js';
import { usesOf } from '../../compiler/uses.js';
import { expand } from '../../graph/expand.js';
import { createKept, type Kept } from '../../graph/kept.js';
import { isTodo, type Notebook } from '../record/nbformat.js';

/** A cell among those that another one needs. */
export interface Part {
  /** Among all cells of the notebook, from 1. */
  readonly number: number;
  /** Its code, as it is read. */
  readonly code: string;
}

/** The cell with this id, or else of this number. @throws Error that says what there is */
const indexOf = ({ cells }: Notebook, wanted: string): number => {
  const byId = cells.findIndex(({ id }) => id === wanted);
  const index = byId >= 0 ? byId : /^\d+$/.test(wanted) ? Number(wanted) - 1 : -1;
  const cell = cells[index];
  if (cell === undefined) throw new Error(`no cell ${wanted}: give an id, or a number from 1 to ${cells.length}`);
  if (!isTodo(cell)) throw new Error(`cell ${wanted} has no code that runs`);
  return index;
};

const kept = (id: string, source: string): Kept => {
  const uses = usesOf(programOf(parse(source)));
  return { id, label: id, number: 0, source, uses, reads: new Set(), changes: new Map(), place: 0 };
};

/**
 * The cells that a cell needs, in order, and the cell itself: those that declare or change what it names, and what
 * these name. What a call changes without a sign of it, such as a stream of random numbers, is not followed.
 * @param wanted id, or number from 1
 */
export const slice = (notebook: Notebook, wanted: string): Part[] => {
  const index = indexOf(notebook, wanted);
  const cells = createKept();
  const parts = new Map<Kept, Part>();
  let last: Kept | undefined;
  for (const [i, cell] of notebook.cells.slice(0, index + 1).entries()) {
    if (!isTodo(cell)) continue;
    const { text: code } = reading(cell.source);
    const { errors } = parse(code);
    if (errors[0]) throw new Error(`cell ${i + 1}: ${errors[0].message}`);
    last = kept(cell.id, code);
    cells.put(last);
    cells.change(last, expand(last.uses, last.place, cells));
    parts.set(last, { number: i + 1, code });
  }
  const needed = new Set([last!]);
  for (const cell of needed) {
    for (const name of [...cell.reads, ...cell.changes.keys(), ...cell.uses.mentions]) {
      for (const writer of cells.chain(name, cell.place)) needed.add(writer);
    }
  }
  return [...needed].sort((a, b) => a.place - b.place).map(cell => parts.get(cell)!);
};
