import { dirname, resolve } from 'node:path';
import { type CheckedCell, checkAll } from '../../compiler/check-all.js';
import { applyEdits, placeOf } from '../../compiler/pieces.js';
import { findProject } from '../../project/project.js';
import { codeDigest, outputsDigest } from '../record/digests.js';
import { isTodo, type Notebook } from '../record/nbformat.js';
import { readOrigin } from '../record/provenance.js';
import type { Loaded } from '../record/result-types.js';
import { raises } from '../verdict.js';
import { order } from './order.js';
import { packages } from './packages.js';
import type { Fault, Look, Looked, Rule, Subject } from './problem.js';
import { seeded } from './seeded.js';
import { unused } from './unused.js';

export interface Problem {
  readonly rule: Rule;
  readonly message: string;
  /** Undefined where it is about the notebook as a whole. Line and column are those of the cell, from 1. */
  readonly at?: { readonly cell: number; readonly id: string; readonly line: number; readonly column: number };
}

export interface CheckedNotebook extends Loaded {
  readonly problems: readonly Problem[];
  /** Sources that would mend some of them, by the index of the cell. */
  readonly fixes: ReadonlyMap<number, string>;
}

/** What the checker finds; a cell that is meant to fail may fail of it. */
const types: Look = ({ cells }) =>
  new Map(
    cells.map(looked => {
      const { findings, promises } = looked.checked;
      const told = raises(looked.cell) ? [] : findings;
      const faults = told.map(({ code, syntax, message, start, end }): Fault => {
        return { rule: syntax ? 'syntax' : 'types', message: code > 0 ? `TS${code}: ${message}` : message, start, end };
      });
      const left = promises.map(({ start, end }): Fault => {
        const message = 'nobody awaits this promise: write await before it, or void where that is meant';
        return { rule: 'promise', message, start, end };
      });
      return [looked, [...faults, ...left]];
    }),
  );

/** What a run has entered of itself, held against what is there now. */
const outputProblems = (notebook: Notebook): Problem[] => {
  const origin = readOrigin(notebook);
  if (!origin) return [];
  const said = (message: string): Problem => ({ rule: 'output', message: `${message}: run it again` });
  return [
    ...(origin.code === codeDigest(notebook) ? [] : [said('its outputs are those of other code')]),
    ...(origin.outputs === outputsDigest(notebook) ? [] : [said('its outputs are not those of the run it tells of')]),
  ];
};

const problemOf = ({ cell, index, checked }: Looked, { rule, message, start }: Fault): Problem => {
  const { line, column } = placeOf(checked.reading.text, start);
  const own = checked.reading.column(line - 1, column - 1) + 1;
  return { rule, message, at: { cell: index + 1, id: cell.id, line, column: own } };
};

/** Where a name comes from says more than that TypeScript does not find it. */
const distinct = (faults: readonly Fault[]): Fault[] => {
  const explained = new Set(faults.filter(({ rule }) => /^(?:order|cycle)$/.test(rule)).map(({ start }) => start));
  return faults.filter(({ rule, start }) => rule !== 'types' || !explained.has(start));
};

const looked = (loaded: Loaded, checked: readonly CheckedCell[]): CheckedNotebook => {
  const { notebook, file } = loaded;
  const cells = todo(notebook).map(({ cell, index }, i): Looked => ({ cell, index, checked: checked[i]! }));
  const subject: Subject = { notebook, cells };
  const looks = [types, order, packages(dirname(resolve(file))), seeded, unused].map(look => look(subject));
  const fixes = new Map<number, string>();
  const problems = cells.flatMap(each => {
    const faults = distinct(looks.flatMap(found => found.get(each) ?? [])).sort((a, b) => a.start - b.start);
    const edits = faults.flatMap(({ fix = [] }) => fix);
    if (edits.length > 0) fixes.set(each.index, applyEdits(each.cell.source, edits).text());
    return faults.map(fault => problemOf(each, fault));
  });
  return { ...loaded, problems: [...outputProblems(notebook), ...problems], fixes };
};

const todo = ({ cells }: Notebook) => cells.flatMap((cell, index) => (isTodo(cell) ? [{ cell, index }] : []));

/** It adds to what all cells of a program see, which others may not do. */
const augments = ({ notebook }: Loaded): boolean =>
  todo(notebook).some(({ cell }) => /\bdeclare\s+(?:global|module)\b/.test(cell.source));

/** Checks notebooks without running them: those of a folder in one program. */
export const checkNotebooks = (notebooks: readonly Loaded[]): CheckedNotebook[] => {
  const programs = new Map<string, Loaded[]>();
  for (const each of notebooks) {
    const key = augments(each) ? each.file : dirname(resolve(each.file));
    programs.set(key, [...(programs.get(key) ?? []), each]);
  }
  const found = new Map<Loaded, CheckedNotebook>();
  for (const program of programs.values()) {
    const texts = program.map(({ notebook }) => todo(notebook).map(({ cell }) => cell.source));
    const checked = checkAll(findProject(dirname(resolve(program[0]!.file))), texts);
    for (const [i, each] of program.entries()) found.set(each, looked(each, checked[i]!));
  }
  return notebooks.map(each => found.get(each)!);
};
