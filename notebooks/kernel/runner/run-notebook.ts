import type { Json } from '../jupyter/wire.js';
import { type Collector, collector } from './collector.js';
import { type Answer, inquire, kernelName } from './inquiry.js';
import { errorLine } from './place.js';
import { type CodeCell, isCode, isSkipped, isTodo, type Notebook, type Output } from './record/nbformat.js';
import type { CellRun, NotebookRun } from './record/result-types.js';
import type { RunningKernel } from './running-kernel.js';
import { errorOf, isLost, raises, type Verdict, verdict, worst } from './verdict.js';
import type { Watcher } from './watcher.js';

export interface Limits {
  /** Milliseconds for one cell. */
  readonly cell: number;
  /** Milliseconds for the whole notebook. */
  readonly total: number;
}

/** Says what is wrong with a successful cell's new outputs, given the cell as it was before. */
export type Review = (before: CodeCell, outputs: readonly Output[]) => string | undefined;

/** A cell that has begun, with what has been collected for it; messages may come after its end. */
interface Begun {
  readonly cell: CodeCell;
  readonly index: number;
  readonly collected: Collector;
}

/** An update of a display reaches all cells that show it, whichever cell sends it. */
const updateDisplays = (begun: readonly Begun[], content: Json): void => {
  const { display_id } = (content.transient ?? {}) as { display_id?: unknown };
  if (typeof display_id !== 'string') return;
  for (const { collected } of begun) {
    collected.update(display_id, (content.data ?? {}) as Json, (content.metadata ?? {}) as Json);
  }
};

/** Errors that came after their cell had ended: of a promise that nobody awaited. */
const withLateErrors = (begun: readonly Begun[], runs: readonly CellRun[]): CellRun[] =>
  runs.map((run, i) => {
    const { collected, cell } = begun[i]!;
    const error = errorOf(collected.outputs);
    if (run.status !== 'ok' || error === undefined) return run;
    if ((run.error || raises(cell)) && !isLost(error)) return run;
    const line = errorLine(error, cell.source, i + 1);
    const reason = `after the cell had ended, ${error.ename}: ${error.evalue}`;
    return { ...run, status: isLost(error) ? 'broken' : 'failed', error, reason, ...(line && { line }) };
  });

/** The notebook with new outputs, and with the reply's error where the kernel sent none: a failure must show. */
const withOutputs = (notebook: Notebook, begun: readonly Begun[], runs: readonly CellRun[]): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell, index) => {
    if (!isCode(cell) || isSkipped(cell)) return cell;
    const at = begun.findIndex(each => each.index === index);
    if (at < 0) return { ...cell, outputs: [] };
    const { outputs } = begun[at]!.collected;
    const error = runs[at]?.error;
    return { ...cell, outputs: error && !errorOf(outputs) ? [...outputs, error] : outputs };
  }),
});

/** One notebook on its way. */
interface Course {
  readonly file: string;
  readonly kernel: RunningKernel;
  readonly limits: Limits;
  readonly watcher: Watcher;
  readonly review: Review;
  readonly begin: number;
  readonly begun: Begun[];
  /** There is more to see. */
  grew(): void;
}

const runCell = async (course: Course, cell: CodeCell, index: number): Promise<CellRun> => {
  const { file, kernel, limits, watcher, review, begin, begun, grew } = course;
  const collected = collector();
  begun.push({ cell, index, collected });
  const start = performance.now();
  const limit = Math.max(1, Math.min(limits.cell, limits.total - (start - begin)));
  const listener = (type: string, content: Json): void => {
    if (type === 'update_display_data') updateDisplays(begun, content);
    else collected.add({ type, content });
    grew();
    if (type === 'stream') watcher.wrote?.(file, String(content.text ?? ''));
  };
  kernel.memory.reset();
  const ending = await kernel.execute(cell.source, limit, listener, raises(cell));
  const milliseconds = performance.now() - start;
  const memory = kernel.memory.read();
  const judged = verdict(ending, collected.outputs, cell, limit);
  const reason = judged.status === 'ok' ? review(cell, collected.outputs) : undefined;
  const how: Verdict = reason === undefined ? judged : { status: 'mismatch', reason };
  const line = how.error && errorLine(how.error, cell.source, begun.length);
  return { index, milliseconds, ...(memory && { memory }), ...how, ...(line && { line }) };
};

/** Notebooks say what they are written in; a front end that opens one enters the same. */
const inLanguage = (notebook: Notebook, { language_info }: RunningKernel['info']): Notebook => ({
  ...notebook,
  metadata: { ...notebook.metadata, ...(language_info ? { language_info } : {}) },
});

/** Until the end or the first cell after which the rest would not mean what it says. */
const runCells = async (course: Course, notebook: Notebook): Promise<CellRun[]> => {
  const { file, watcher } = course;
  const todo = notebook.cells.flatMap((cell, index) => (isTodo(cell) ? [{ cell, index }] : []));
  watcher.started?.(file, todo.length);
  course.grew();
  const runs: CellRun[] = [];
  for (const { cell, index } of todo) {
    watcher.cellStarted?.(file, runs.length, cell, index);
    const run = await runCell(course, cell, index);
    runs.push(run);
    watcher.cellEnded?.(file, run);
    if (run.status !== 'ok' && run.status !== 'mismatch') break;
  }
  return runs;
};

/** Runs the cells of one notebook until the end or the first failure. */
export const runNotebook = async (
  file: string,
  notebook: Notebook,
  kernel: RunningKernel,
  limits: Limits,
  watcher: Watcher,
  review: Review = () => undefined,
): Promise<NotebookRun> => {
  const started = new Date();
  const begin = performance.now();
  const begun: Begun[] = [];
  const soFar = () => withOutputs(notebook, begun, []);
  const grew = () => watcher.grew?.(file, soFar);
  kernel.onOther((type, content) => {
    if (type !== 'update_display_data') return;
    updateDisplays(begun, content);
    grew();
  });
  const runs = await runCells({ file, kernel, limits, watcher, review, begin, begun, grew }, notebook);
  const over = worst(runs) === 'broken' || worst(runs) === 'timeout';
  const { lost, late = [], ...about }: Answer = over ? {} : await inquire(kernel);
  for (const message of late) begun.at(-1)?.collected.add(message);
  const cells = withLateErrors(begun, runs);
  const peakMemory = Math.max(about.peakMemory ?? 0, ...cells.map(({ memory = 0 }) => memory));
  return {
    file,
    notebook: inLanguage(withOutputs(notebook, begun, cells), kernel.info),
    cells,
    status: lost === undefined ? worst(cells) : 'broken',
    started,
    milliseconds: performance.now() - begin,
    provenance: { kernel: kernelName(kernel.info), ...about, ...(peakMemory > 0 && { peakMemory }) },
    ...(lost && { reason: lost }),
  };
};
