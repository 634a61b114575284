import { isUnknown } from '../../compiler/check-all.js';
import { declaredNames } from '../../compiler/names.js';
import { usesOf } from '../../compiler/uses.js';
import type { Fault, Look, Looked } from './problem.js';

/** For each cell, those that it has its names from: of each name the next one above, or else the first one below. */
const sourcesOf = (cells: readonly Looked[]): number[][] => {
  const all = cells.map(({ checked }) => usesOf(checked.program));
  return all.map(({ reads, assigns, mentions }, at) =>
    [...new Set([...reads, ...assigns, ...mentions])].flatMap(name => {
      const above = all.slice(0, at).findLastIndex(({ declares }) => declares.includes(name));
      const found = above >= 0 ? above : all.findIndex(({ declares }) => declares.includes(name));
      return found >= 0 ? [found] : [];
    }),
  );
};

/** Whether a cell needs another one, directly or not. */
const reaches = (sources: readonly (readonly number[])[], from: number, to: number): boolean => {
  const seen = new Set([from]);
  for (const at of seen) for (const next of sources[at]!) seen.add(next);
  return seen.has(to);
};

/** Names that TypeScript does not find in a cell and that a cell below declares. */
export const order: Look = ({ cells }) => {
  let sources: number[][] | undefined;
  const fault = (at: number, name: string): Pick<Fault, 'rule' | 'message'> | undefined => {
    const from = cells.findIndex(({ checked }, i) => i > at && declares(checked.program, name));
    if (from < 0) return undefined;
    const number = cells[from]!.index + 1;
    sources ??= sourcesOf(cells);
    return reaches(sources, from, at)
      ? { rule: 'cycle', message: `${name} comes from cell ${number}, which needs this cell in turn` }
      : { rule: 'order', message: `${name} is declared below, in cell ${number}: move that cell up` };
  };
  return new Map(
    cells.map((looked, at) => {
      const { findings, reading } = looked.checked;
      const faults = findings.filter(isUnknown).flatMap(({ start, end }): Fault[] => {
        const found = fault(at, reading.text.slice(start, end));
        return found ? [{ ...found, start, end }] : [];
      });
      return [looked, faults];
    }),
  );
};

const declares = (program: Looked['checked']['program'], name: string): boolean =>
  declaredNames(program).some(each => each.name === name);
