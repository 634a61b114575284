import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { outputsDiffer } from './compare.js';
import { parseNotebook } from './parse-notebook.js';
import type { Loaded, NotebookRun, Variant } from './record/result-types.js';
import { type Limits, type Review, runNotebook } from './run-notebook.js';
import { openKernel } from './running-kernel.js';
import type { Memory } from './unchanged.js';
import type { Watcher } from './watcher.js';

export interface RunOptions {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits: Limits;
  readonly jobs: number;
  /** How often a notebook whose kernel was lost is run again. */
  readonly retries?: number;
  readonly review?: Review;
  /** Run a second time and compare exactly. */
  readonly twice?: boolean;
  readonly memory?: Memory;
  /** The last word on a run, such as whether it keeps its budget. */
  readonly judge?: (run: NotebookRun) => NotebookRun;
  /** Stops the run; what is there by then is kept. */
  readonly abort?: AbortSignal;
}

/** Reads all notebooks, so that a malformed one stops the run before it costs time. */
export const load = async (files: readonly string[]): Promise<Loaded[]> => {
  for (const [i, file] of files.entries()) {
    const other = files.slice(0, i).find(each => basename(each) === basename(file));
    if (other) throw new Error(`${other} and ${file} would be written to the same place: run them one by one`);
  }
  return Promise.all(
    files.map(async file => {
      const json = await readFile(file, 'utf8');
      return { file, json, notebook: parseNotebook(json, file) };
    }),
  );
};

const variantOf = ({ file, source, parameters }: Variant): Variant => ({
  file,
  ...(source && { source }),
  ...(parameters && { parameters }),
});

const notStarted = (loaded: Loaded, reason: string): NotebookRun => ({
  ...variantOf(loaded),
  notebook: loaded.notebook,
  cells: [],
  status: 'broken',
  started: new Date(),
  milliseconds: 0,
  provenance: { kernel: 'none' },
  reason,
});

/** Runs one notebook in a kernel of its own, which starts in the notebook's folder as Jupyter's would. */
const runOnce = async (loaded: Loaded, options: RunOptions, watcher: Watcher): Promise<NotebookRun> => {
  const { file, notebook } = loaded;
  const { command, env, limits, review, abort } = options;
  let kernel: Awaited<ReturnType<typeof openKernel>>;
  try {
    kernel = await openKernel({ command, cwd: dirname(resolve(file)), env }, abort ? { abort } : {});
  } catch (error) {
    return notStarted(loaded, (error as Error).message);
  }
  try {
    return { ...(await runNotebook(file, notebook, kernel, limits, watcher, review)), ...variantOf(loaded) };
  } finally {
    await kernel.stop();
  }
};

/** A kernel may be lost for reasons that are not the notebook's: the run says so, and how often. */
const runKept = async (loaded: Loaded, options: RunOptions, watcher: Watcher): Promise<NotebookRun> => {
  const lost: string[] = [];
  for (;;) {
    const run = await runOnce(loaded, options, watcher);
    const again = run.status === 'broken' && lost.length < (options.retries ?? 0) && !options.abort?.aborted;
    if (!again) return lost.length > 0 ? { ...run, lost } : run;
    lost.push(run.reason ?? run.cells.at(-1)?.reason ?? 'the kernel was lost');
  }
};

const EXACT = { rtol: 0, atol: 0 } as const;

const runOne = async (loaded: Loaded, options: RunOptions, watcher: Watcher): Promise<NotebookRun> => {
  // A comparison asks what comes out now.
  const known = options.twice || options.review ? undefined : await options.memory?.recall(loaded);
  if (known) return known;
  const once = await runKept(loaded, options, watcher);
  if (!options.twice || once.status !== 'ok') return once;
  const review: Review = (before, outputs) => {
    const difference = outputsDiffer(before, outputs, EXACT);
    return difference && `the second run gave something else; ${difference}`;
  };
  return runOnce({ ...loaded, notebook: once.notebook }, { ...options, review }, watcher);
};

/** Runs the notebooks, `jobs` at a time. `finished` is awaited before that notebook's slot is free again. */
export const runAll = async (
  notebooks: readonly Loaded[],
  options: RunOptions,
  watcher: Watcher,
  finished: (run: NotebookRun, loaded: Loaded) => Promise<void>,
): Promise<NotebookRun[]> => {
  const runs: NotebookRun[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < notebooks.length && !options.abort?.aborted; i = next++) {
      const loaded = notebooks[i]!;
      const run = await runOne(loaded, options, watcher);
      const judged = options.judge?.(run) ?? run;
      runs[i] = judged;
      watcher.ended?.(judged);
      await options.memory?.keep(loaded, run);
      await finished(judged, loaded);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.jobs, notebooks.length) }, worker));
  // A run that was stopped has not come to all of them.
  return runs.filter(run => run !== undefined);
};
