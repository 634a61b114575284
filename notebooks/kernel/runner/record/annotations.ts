import { cellNumber, failure, nameOf } from './describe.js';
import type { NotebookRun } from './result-types.js';

const value = (text: string): string => text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string): string => value(text).replace(/:/g, '%3A').replace(/,/g, '%2C');

/** The line of the notebook's file that holds a source line: Jupyter writes one JSON string a line. */
export const fileLine = (json: string, id: string, source: string, line: number): number | undefined => {
  const rows = json.split('\n');
  const start = rows.findIndex(row => row.includes(`"id": ${JSON.stringify(id)}`));
  const first = rows.findIndex((row, i) => i > start && /"source": \[/.test(row));
  if (start < 0 || first < 0) return undefined;
  const wanted = JSON.stringify(source.split('\n')[line - 1]).slice(1, -1);
  return rows[first + line]?.includes(wanted) ? first + line + 1 : undefined;
};

/** GitHub's workflow commands for what went wrong, each at its line in the notebook's file. */
export const annotations = (run: NotebookRun, json: string): string[] => [
  ...(run.reason ? [`::error file=${property(run.file)}::${value(run.reason)}`] : []),
  ...run.cells
    .filter(cell => cell.status !== 'ok')
    .map(cell => {
      const { id = '', source = '' } = run.notebook.cells[cell.index] ?? {};
      const line = fileLine(json, id, source, cell.line ?? 1);
      const at = `file=${property(run.file)}${line ? `,line=${line}` : ''}`;
      const title = property(`${nameOf(run.file)}, cell ${cellNumber(cell)}`);
      return `::error ${at},title=${title}::${value(failure(run, cell))}`;
    }),
];
