import { relative } from 'node:path';
import type { Cause, Problem } from './judge.js';
import type { Cells, Kept } from './kept.js';

/** Says why something is stale, in a few words. */
export interface Words {
  cause(cause: Cause, reader: Kept): string;
  /** One line. */
  problems(problems: readonly Problem[], reader: Kept): string;
}

export interface WordsParts {
  readonly cells: Cells;
  /** What a cell was called that was deleted. */
  deleted(id: string): string | undefined;
  /** The cell that gave a name the value that it has. */
  origin(name: string): string | undefined;
  readonly root: string;
}

const MOST = 2;

export const createWords = ({ cells, deleted, origin, root }: WordsParts): Words => {
  const called = ({ label }: Kept) => `[${label}]`;
  const calledBy = (id: string) => {
    const cell = cells.get(id);
    return cell ? called(cell) : `a deleted cell, [${deleted(id) ?? '?'}],`;
  };

  const gone = (name: string): string => {
    const by = origin(name);
    const below = cells.writers(name).find(({ uses }) => uses.declares.includes(name));
    if (below) return `only ${called(below)}, below, declares it`;
    if (by === undefined) return 'no cell declares it';
    return cells.get(by) ? `${calledBy(by)} declares it no more` : `its cell, [${deleted(by) ?? '?'}], was deleted`;
  };

  const changed = ({ cell, steps, by, ran }: Extract<Cause, { kind: 'changed' }>, reader: Kept): string => {
    const first = steps[0]!;
    if (by.kind === 'missing') {
      const step = steps[by.from]!;
      if (step.run === undefined) return `${called(step)} has not changed it`;
      if (ran) return `${called(step)} has run again since`;
      return step === first
        ? `${called(step)} has run since`
        : `${called(first)} has run since ${called(step)} changed it`;
    }
    const { cell: id, run, before } = by.write;
    const writer = cells.get(id);
    if (!writer && before !== undefined) return `it was changed by a deleted cell, [${deleted(id) ?? '?'}]`;
    if (writer === cell) return `${cell === reader ? 'this cell' : called(cell)} had changed it before`;
    if (!writer || (before === undefined && writer !== first)) return `it is that of ${calledBy(id)}`;
    if (writer.place > cell.place) return `${called(writer)}, below, has changed it`;
    if (writer.run?.number !== run) return `${called(writer)} has run again since`;
    return `${called(writer)} has changed it`;
  };

  const said = (cause: Cause, reader: Kept): string => {
    switch (cause.kind) {
      case 'gone':
        return `${cause.name}: ${gone(cause.name)}`;
      case 'unrun':
        return `${called(cause.cell)} has not run`;
      case 'refused':
        return `the new text of ${called(cause.cell)} was refused`;
      case 'failed':
        return `${called(cause.cell)} has failed`;
      case 'interrupted':
        return `${called(cause.cell)} was interrupted`;
      case 'edited':
        return `${relative(root, cause.file)} was edited since ${called(cause.cell)} loaded it`;
      case 'changed':
        return `${cause.name}: ${changed(cause, reader)}`;
      case 'redeclared':
        return `${called(cause.cell)} declares ${cause.name} in another way now`;
    }
  };

  const problem = ({ name, of, cause }: Problem, reader: Kept): string => {
    const why = said(cause, reader);
    if (of) return `${name} of ${called(of)} (${why})`;
    return why.startsWith(`${name}: `) ? `${name} (${why.slice(name.length + 2)})` : `${name} (${why})`;
  };

  return {
    cause: said,
    problems(problems, reader) {
      const told = problems.slice(0, MOST).map(each => problem(each, reader));
      const more = problems.length > MOST ? [`${problems.length - MOST} more`] : [];
      return [...told, ...more].join('; ');
    },
  };
};
