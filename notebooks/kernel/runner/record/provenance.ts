import { codeDigest, outputsDigest } from './digests.js';
import type { Environment } from './environment.js';
import type { Metadata, Notebook } from './nbformat.js';
import type { CellRun, NotebookRun, Provenance, Status, Variant } from './result-types.js';

/** Where in the metadata of an executed notebook, and of its cells, its run is told. */
export const KEY = 'tsnb';

/** How a notebook came by its outputs, as its metadata tell it. */
export interface Origin extends Variant {
  readonly status: Status;
  readonly started: string;
  readonly seconds: number;
  readonly reused?: boolean;
  readonly lost?: readonly string[];
  readonly environment: Environment;
  readonly provenance: Provenance;
  /** Digests of code and outputs. */
  readonly code: string;
  readonly outputs: string;
}

/** Parameters as JSON may hold them. */
export const originOf = (run: NotebookRun, environment: Environment): Origin => ({
  file: run.file,
  ...(run.source && { source: run.source }),
  ...(run.parameters && { parameters: run.parameters }),
  status: run.status,
  started: run.started.toISOString(),
  seconds: run.milliseconds / 1000,
  ...(run.reused && { reused: run.reused }),
  ...(run.lost && { lost: run.lost }),
  environment,
  provenance: run.provenance,
  code: codeDigest(run.notebook),
  outputs: outputsDigest(run.notebook),
});

const marked = (metadata: Metadata, about: object): Metadata => ({ ...metadata, [KEY]: about });

/** The notebook with where it comes from in its metadata, and with each cell's time in the cell's. */
export const withOrigin = (run: NotebookRun, environment: Environment): Notebook => {
  const ran = new Map<number, CellRun>(run.cells.map(cell => [cell.index, cell]));
  return {
    metadata: marked(run.notebook.metadata, originOf(run, environment)),
    cells: run.notebook.cells.map((cell, index) => {
      const { status, milliseconds } = ran.get(index) ?? {};
      if (status === undefined || milliseconds === undefined) return cell;
      return { ...cell, metadata: marked(cell.metadata, { status, seconds: milliseconds / 1000 }) };
    }),
  };
};

/** Undefined for a notebook that no run has written. */
export const readOrigin = ({ metadata }: Notebook): Origin | undefined => metadata[KEY] as Origin | undefined;
