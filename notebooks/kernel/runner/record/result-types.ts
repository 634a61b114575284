import type { ErrorOutput, Notebook } from './nbformat.js';

/**
 * How a cell or a notebook ended.
 * - failed: an error, thrown or unhandled, that no tag expects
 * - mismatch: a named result, or an output compared with an earlier one, is outside its tolerance; the run goes on
 * - budget: it took more time or memory than it is allowed to; the run goes on
 * - timeout: the limit per cell or per run was reached
 * - broken: outputs may be incomplete, or the kernel died: nothing can be said about the content
 */
export type Status = 'ok' | 'budget' | 'mismatch' | 'failed' | 'timeout' | 'broken';

/** What tells a run of a notebook from other runs of it. */
export interface Variant {
  /** The notebook's path; of one that is run with several sets of parameters, with the set in the file's name. */
  readonly file: string;
  /** Where the notebook was read, where that is another path. */
  readonly source?: string;
  /** The values of its parameters that differ from those in the notebook. */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** A notebook as it was read: the text, and what it says, with its parameters set. */
export interface Loaded extends Variant {
  readonly json: string;
  readonly notebook: Notebook;
}

export interface CellRun {
  /** Index among all cells, from 0. */
  readonly index: number;
  readonly status: Status;
  readonly milliseconds: number;
  /** The most bytes that a process of the kernel held in memory meanwhile; absent where the system does not tell. */
  readonly memory?: number;
  /** Why it is not ok, in one line. */
  readonly reason?: string;
  readonly error?: ErrorOutput;
  /** Line of the source at which the error arose, from 1. */
  readonly line?: number;
}

export interface Provenance {
  readonly kernel: string;
  readonly backend?: string;
  /** TensorFlow's version, and whether it computes on a GPU, where the backend is its native one. */
  readonly tensorflow?: string;
  readonly device?: string;
  /** Seconds of processor time that the process took. */
  readonly cpuSeconds?: number;
  /** Largest resident memory of the kernel, in bytes. */
  readonly peakMemory?: number;
}

export interface NotebookRun extends Variant {
  /** With the outputs of all cells that ran; those that did not have none. */
  readonly notebook: Notebook;
  readonly cells: readonly CellRun[];
  readonly status: Status;
  readonly started: Date;
  readonly milliseconds: number;
  readonly provenance: Provenance;
  /** The outputs are those of an earlier run: nothing that they depend on has changed. */
  readonly reused?: boolean;
  /** Why earlier attempts of this run came to nothing: their kernels were lost. */
  readonly lost?: readonly string[];
  /** Why it is not ok where that is about no single cell. */
  readonly reason?: string;
}
