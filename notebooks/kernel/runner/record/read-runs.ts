import { outputsDigest } from './digests.js';
import type { Environment } from './environment.js';
import type { Notebook } from './nbformat.js';
import type { Origin } from './provenance.js';
import type { CellRun, NotebookRun, Status } from './result-types.js';

interface WrittenCell {
  readonly cell: number;
  readonly status: Status;
  readonly reason?: string;
  readonly line?: number;
  readonly seconds: number;
  readonly memory?: number;
}

type WrittenRun = Omit<Origin, 'environment'> & { readonly reason?: string; readonly cells: readonly WrittenCell[] };

const cellRun = ({ cell, seconds, ...rest }: WrittenCell): CellRun => ({
  index: cell - 1,
  milliseconds: 1000 * seconds,
  status: rest.status,
  ...(rest.reason && { reason: rest.reason }),
  ...(rest.line && { line: rest.line }),
  ...(rest.memory && { memory: rest.memory }),
});

/**
 * The runs that results.json tells of.
 * @param read the executed notebook of a run, by the path of that run
 * @throws Error for a notebook that is not the one which the run has written
 */
export const readRuns = (
  json: string,
  read: (file: string) => Notebook,
): { runs: NotebookRun[]; environment: Environment } => {
  const { environment, notebooks } = JSON.parse(json) as { environment: Environment; notebooks: readonly WrittenRun[] };
  const runs = notebooks.map(({ cells, started, seconds, code: _, outputs, ...about }): NotebookRun => {
    const notebook = read(about.file);
    if (outputsDigest(notebook) !== outputs)
      throw new Error(`${about.file}: its outputs are not those that results.json tells of`);
    return { ...about, notebook, cells: cells.map(cellRun), started: new Date(started), milliseconds: 1000 * seconds };
  });
  return { runs, environment };
};
