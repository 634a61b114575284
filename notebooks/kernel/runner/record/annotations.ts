import { cellNumber, failure, nameOf } from './describe.js';
import { INJECTED } from './nbformat.js';
import type { NotebookRun } from './result-types.js';
import { sourcePlace } from './source-place.js';

/** Text in a workflow command: its message, and a property of it. */
export const escapeValue = (text: string): string =>
  text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
export const escapeProperty = (text: string): string => escapeValue(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/** The line of the notebook's file that holds a line of a cell's source, from 1. */
export const fileLine = (json: string, cell: number, line: number): number | undefined => {
  const place = sourcePlace(json, cell, line - 1);
  return place === undefined ? undefined : json.slice(0, place).split('\n').length;
};

/** How many cells the file has before this one: one with parameters may have been put in, or taken another's place. */
const inFile = (json: string, { notebook }: NotebookRun, index: number): number => {
  const before = notebook.cells.length - (JSON.parse(json) as { cells: unknown[] }).cells.length;
  const put = notebook.cells.findIndex(cell => cell.id === INJECTED);
  return put >= 0 && put < index ? index - before : index;
};

/** GitHub's workflow commands for what went wrong, each at its line in the notebook's file. */
export const annotations = (run: NotebookRun, json: string): string[] => [
  ...(run.reason ? [`::error file=${escapeProperty(run.source ?? run.file)}::${escapeValue(run.reason)}`] : []),
  ...run.cells
    .filter(cell => cell.status !== 'ok')
    .map(cell => {
      const line = fileLine(json, inFile(json, run, cell.index), cell.line ?? 1);
      const at = `file=${escapeProperty(run.source ?? run.file)}${line ? `,line=${line}` : ''}`;
      const title = escapeProperty(`${nameOf(run.file)}, cell ${cellNumber(cell)}`);
      return `::error ${at},title=${title}::${escapeValue(failure(run, cell))}`;
    }),
];
