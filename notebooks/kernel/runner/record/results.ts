import { LEFT_OUT_MIME } from '../../../cell/left-out.js';
import { agrees, type NamedResult, RESULT_MIME, resultLine } from '../../../cell/result.js';
import type { Environment } from './environment.js';
import { isCode, isTodo, type Notebook, type Output } from './nbformat.js';
import { originOf } from './provenance.js';
import type { NotebookRun } from './result-types.js';

/** JSON has no NaN: what arrives as null was none, or infinite, and agrees with nothing. */
const asResult = (raw: unknown): NamedResult | undefined => {
  if (raw === null || typeof raw !== 'object') return undefined;
  const { name, value, expected, tolerance, unit } = raw as Readonly<Record<string, unknown>>;
  const number = (field: unknown): number => (typeof field === 'number' ? field : Number.NaN);
  return {
    name: String(name),
    value: number(value),
    ...(expected !== undefined && { expected: number(expected), tolerance: number(tolerance) }),
    ...(typeof unit === 'string' && { unit }),
  };
};

/** The named results among a cell's outputs. */
export const resultsOf = (outputs: readonly Output[]): NamedResult[] =>
  outputs.flatMap(output => {
    const found = 'data' in output ? asResult(output.data[RESULT_MIME]) : undefined;
    return found ? [found] : [];
  });

/** Why a cell's results do not hold, or undefined where they do. */
export const disagreement = (outputs: readonly Output[]): string | undefined => {
  const wrong = resultsOf(outputs).filter(result => !agrees(result));
  return wrong.length === 0 ? undefined : wrong.map(resultLine).join('; ');
};

/** Whether a cell said that something could not run here, such as for want of a network: the next run may do it. */
export const isPartial = ({ cells }: Notebook): boolean =>
  cells
    .filter(isCode)
    .some(cell => cell.outputs.some(output => 'data' in output && output.data[LEFT_OUT_MIME] !== undefined));

/** A result with the place that declares it. */
export interface PlacedResult extends NamedResult {
  readonly index: number;
  readonly agrees: boolean;
}

export const placedResults = (notebook: Notebook): PlacedResult[] =>
  notebook.cells.flatMap((cell, index) =>
    isTodo(cell) ? resultsOf(cell.outputs).map(each => ({ ...each, index, agrees: agrees(each) })) : [],
  );

/** Names that two results of one run share: whoever reads the file by name would see one of them. */
export const repeated = (runs: readonly NotebookRun[]): string[] => {
  const names = runs.flatMap(({ notebook }) => placedResults(notebook).map(({ name }) => name));
  return [...new Set(names.filter((name, i) => names.indexOf(name) !== i))];
};

const cellsOf = ({ cells, notebook }: NotebookRun) =>
  cells.map(({ index, status, reason, milliseconds, memory, line }) => ({
    cell: index + 1,
    id: notebook.cells[index]?.id,
    status,
    ...(reason && { reason }),
    ...(line && { line }),
    seconds: milliseconds / 1000,
    ...(memory && { memory }),
  }));

/** Everything that a program may want to know of a run, as JSON. */
export const resultsJson = (runs: readonly NotebookRun[], environment: Environment): string => {
  const notebooks = runs.map(run => {
    const { environment: _, ...origin } = originOf(run, environment);
    return { ...origin, ...(run.reason && { reason: run.reason }), cells: cellsOf(run) };
  });
  const results = runs.flatMap(({ file, notebook }) =>
    placedResults(notebook).map(({ index, ...each }) => ({ notebook: file, cell: index + 1, ...each })),
  );
  return `${JSON.stringify({ environment, notebooks, results }, null, 2)}\n`;
};
