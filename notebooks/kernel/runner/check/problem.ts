import type { CheckedCell } from '../../compiler/check-all.js';
import type { Edit } from '../../compiler/pieces.js';
import type { CodeCell, Notebook } from '../record/nbformat.js';

/** What the check finds, with what it means; a rule's name is what reports call it. */
export const RULES = {
  syntax: 'A cell that is no TypeScript.',
  types: 'A type error, by the project’s tsconfig.json.',
  order: 'A name that is used above the cell that declares it.',
  cycle: 'Cells that need names of each other, whichever comes first.',
  promise: 'A promise that nobody awaits: its cell ends before it, and its error has no cell.',
  package: 'A package that is imported and that no package.json names.',
  seed: 'What differs from run to run, in a notebook that has a seed.',
  output: 'Outputs, or the code that they belong to, that are not those of the run that the notebook tells of.',
  unused: 'An import of a name that no cell uses.',
} as const;

export type Rule = keyof typeof RULES;

/** Everything but this is an error. */
export const WARNING: Rule = 'unused';

/** Where a problem is and what, in a cell. Offsets are those of the cell's `reading.text`. */
export interface Fault {
  readonly rule: Rule;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  /** What mends it in the cell's text, safely. */
  readonly fix?: readonly Edit[];
}

/** One code cell of a notebook that is looked at. */
export interface Looked {
  readonly cell: CodeCell;
  /** Among all cells, from 0. */
  readonly index: number;
  readonly checked: CheckedCell;
}

/** A notebook with all that is known of its cells. */
export interface Subject {
  readonly notebook: Notebook;
  readonly cells: readonly Looked[];
}

/** The faults of one kind, cell by cell. */
export type Look = (subject: Subject) => ReadonlyMap<Looked, readonly Fault[]>;
