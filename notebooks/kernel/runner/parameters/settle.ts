import { dirname, resolve } from 'node:path';
import { type Compiler, createCompiler } from '../../compiler/compiler.js';
import { declaredNames } from '../../compiler/names.js';
import { parse, programOf } from '../../compiler/parse.js';
import { findProject } from '../../project/project.js';
import { type CodeCell, isTodo, type Notebook } from '../record/nbformat.js';
import type { Given, Readings, Value } from './given.js';
import { assignment, declaring } from './inject.js';

/** Which parameters of a notebook got which values; and in words, those that do not fit what it declares. */
export interface Settled {
  readonly values: Readonly<Record<string, Value>>;
  readonly faults: readonly string[];
}

/** The names that a cell declares, and whether later cells may assign them. */
const namesOf = ({ source }: CodeCell): Map<string, boolean> =>
  new Map(declaredNames(programOf(parse(source))).map(({ name, how }) => [name, how === 'variable']));

/** The first of its readings that TypeScript lets be assigned, or what it says against the likeliest. */
const fitting = (compiler: Compiler, name: string, candidates: Readings): { value: Value } | { fault: string } => {
  const tried = candidates.map(value => ({ value, said: compiler.check(assignment(name, value)) }));
  const found = tried.find(({ said }) => said.ok);
  if (found) return { value: found.value };
  const { said } = tried[0]!;
  return { fault: `${assignment(name, candidates[0])} ${said.ok ? '' : said.errors[0]!.message}` };
};

/**
 * Holds each set of parameters to the cell tagged `parameters`, by the checker that cells are checked with, which has
 * seen the cells before it. What the notebook does not declare is left out.
 */
export const settle = (file: string, notebook: Notebook, sets: readonly Given[]): Settled[] => {
  const cell = declaring(notebook);
  const names = cell ? namesOf(cell) : new Map<string, boolean>();
  const own = sets.map(given => Object.entries(given).filter(([name]) => names.has(name)));
  if (cell === undefined || own.every(entries => entries.length === 0))
    return sets.map(() => ({ values: {}, faults: [] }));
  const compiler = createCompiler(findProject(dirname(resolve(file))));
  try {
    const before = notebook.cells.slice(0, notebook.cells.indexOf(cell)).filter(isTodo);
    for (const { source } of before) compiler.check(source);
    const declared = compiler.check(cell.source);
    if (!declared.ok) {
      const fault = `the cell tagged parameters does not pass: ${declared.errors[0]!.message}`;
      return sets.map(() => ({ values: {}, faults: [fault] }));
    }
    return own.map(entries => {
      const found = entries.map(([name, candidates]) => {
        const constant = { fault: `${name} is a constant: declare it with let, so that it can be set` };
        return [name, names.get(name) ? fitting(compiler, name, candidates) : constant] as const;
      });
      return {
        values: Object.fromEntries(found.flatMap(([name, each]) => ('value' in each ? [[name, each.value]] : []))),
        faults: found.flatMap(([, each]) => ('fault' in each ? [each.fault] : [])),
      };
    });
  } finally {
    compiler.close();
  }
};

/** The names that a notebook declares as parameters. */
export const parameterNames = (notebook: Notebook): string[] => {
  const cell = declaring(notebook);
  return cell ? [...namesOf(cell).keys()] : [];
};
