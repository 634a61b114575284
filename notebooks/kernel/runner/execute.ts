import type { Json } from '../wire.js';
import type { Listener } from './client.js';
import {
  type Cell,
  type CodeCell,
  type ErrorOutput,
  isCode,
  type Notebook,
  type Output,
  tagsOf,
} from './nbformat.js';
import { type Collector, collector } from './outputs.js';
import { errorLine } from './place.js';
import type { CellRun, NotebookRun, Provenance, Status } from './result-types.js';
import type { Ending, Session } from './session.js';

export interface Limits {
  /** Milliseconds for one cell. */
  readonly cell: number;
  /** Milliseconds for the whole notebook. */
  readonly total: number;
}

/** What happens while a notebook runs. Cells are counted among code cells that have code. */
export interface Watcher {
  started?(file: string, count: number): void;
  cellStarted?(file: string, done: number, cell: CodeCell, index: number): void;
  wrote?(file: string, text: string): void;
  cellEnded?(file: string, run: CellRun): void;
  ended?(run: NotebookRun): void;
}

/** Code that tells about the process, in a form that any JavaScript or TypeScript kernel runs. */
const INQUIRY =
  'console.log(JSON.stringify({ tsnb: 1, rss: process.resourceUsage().maxRSS, backend: (globalThis as { _tfengine?: { backendName?: string } })._tfengine?.backendName }));';

const raises = (cell: Cell): boolean => tagsOf(cell).includes('raises-exception');

/** A cell with what has been collected for it; messages may come after its end. */
interface Running {
  readonly cell: CodeCell;
  readonly index: number;
  readonly collected: Collector;
}

const errorOf = (outputs: readonly Output[]): ErrorOutput | undefined =>
  outputs.find((o): o is ErrorOutput => o.output_type === 'error');

/** The error that a reply tells of, for kernels that send no error message. */
const fromReply = ({ ename, evalue, traceback }: Json): ErrorOutput => ({
  output_type: 'error',
  ename: String(ename ?? 'Error'),
  evalue: String(evalue ?? 'the kernel gave no reason'),
  traceback: Array.isArray(traceback) ? traceback.map(String) : [],
});

type Verdict = Pick<CellRun, 'status' | 'reason' | 'error'>;

const seconds = (ms: number): string => `${Number((ms / 1000).toPrecision(3))} s`;

const verdict = (ending: Ending, outputs: readonly Output[], cell: Cell, limit: number): Verdict => {
  if (ending.kind === 'died') return { status: 'broken', reason: ending.how };
  if (ending.kind === 'timeout') {
    const how = ending.answered ? 'interrupted' : 'it did not react to an interrupt, so the kernel was ended';
    return { status: 'timeout', reason: `no end within ${seconds(limit)}; ${how}` };
  }
  if (ending.kind === 'lost') {
    return { status: 'broken', reason: 'the kernel replied but never became idle: outputs may be missing' };
  }
  const status = ending.reply.status;
  const error = errorOf(outputs) ?? (status === 'error' ? fromReply(ending.reply) : undefined);
  if (error) {
    if (raises(cell)) return { status: 'ok', error };
    return { status: 'failed', error, reason: `${error.ename}: ${error.evalue}` };
  }
  if (status !== 'ok')
    return { status: 'broken', reason: `the kernel answered ${String(status)}: the cell did not run` };
  return { status: 'ok' };
};

/** All outputs, with the reply's error where the kernel sent none: a failure must show in the notebook. */
const complete = (collected: Collector, error: ErrorOutput | undefined): readonly Output[] =>
  error && !errorOf(collected.outputs) ? [...collected.outputs, error] : collected.outputs;

const worst = (runs: readonly CellRun[]): Status =>
  (['broken', 'timeout', 'failed'] as const).find(status => runs.some(run => run.status === status)) ?? 'ok';

/** Asks the process about itself. It also is a barrier: whatever cells left behind has been sent when it ends. */
const inquire = async (session: Session): Promise<Pick<Provenance, 'backend' | 'peakMemory'>> => {
  const collected = collector();
  await session.execute(INQUIRY, 10_000, (type, content) => collected.add({ type, content }), true);
  const text = collected.outputs.map(o => (o.output_type === 'stream' ? o.text : '')).join('');
  const line = text.split('\n').find(each => each.startsWith('{"tsnb"'));
  const { rss, backend } = (line ? JSON.parse(line) : {}) as { rss?: number; backend?: string };
  return { ...(rss && { peakMemory: rss * 1024 }), ...(backend && { backend }) };
};

const kernelName = (info: Json): string => {
  const language = (info.language_info ?? {}) as { name?: string; version?: string };
  const own = [info.implementation, info.implementation_version].filter(Boolean).join(' ');
  return `${own}${language.name ? ` (${language.name} ${language.version ?? ''})` : ''}`.replace(' )', ')');
};

/** Runs the cells of one notebook until the end or the first failure. */
export const runNotebook = async (
  file: string,
  notebook: Notebook,
  session: Session,
  limits: Limits,
  watcher: Watcher,
): Promise<NotebookRun> => {
  const started = new Date();
  const begin = performance.now();
  const todo = notebook.cells.flatMap((cell, index) =>
    isCode(cell) && cell.source.trim() !== '' ? [{ cell, index }] : [],
  );
  const ran: Running[] = [];
  const runs: CellRun[] = [];
  watcher.started?.(file, todo.length);
  session.onOther((type, content) => {
    if (type !== 'update_display_data') return;
    updateDisplay(ran, content);
  });
  for (const { cell, index } of todo) {
    const run = await runCell(
      session,
      cell,
      index,
      Math.min(limits.cell, limits.total - (performance.now() - begin)),
    );
    runs.push(run);
    watcher.cellEnded?.(file, run);
    if (run.status !== 'ok') break;
  }
  const about = worst(runs) === 'ok' || worst(runs) === 'failed' ? await inquire(session) : {};
  const late = lateErrors(ran, runs);
  const result: NotebookRun = {
    file,
    notebook: withOutputs(notebook, ran, late),
    cells: late,
    status: worst(late),
    started,
    milliseconds: performance.now() - begin,
    provenance: { kernel: kernelName(session.info), ...about },
  };
  watcher.ended?.(result);
  return result;

  async function runCell(kernel: Session, cell: CodeCell, index: number, limit: number): Promise<CellRun> {
    const collected = collector();
    ran.push({ cell, index, collected });
    watcher.cellStarted?.(file, runs.length, cell, index);
    const listener: Listener = (type, content) => {
      if (type === 'update_display_data') updateDisplay(ran, content);
      else collected.add({ type, content });
      if (type === 'stream') watcher.wrote?.(file, String(content.text ?? ''));
    };
    const start = performance.now();
    const ending = await kernel.execute(cell.source, Math.max(1, limit), listener, raises(cell));
    const milliseconds = performance.now() - start;
    const how = verdict(ending, collected.outputs, cell, Math.max(1, limit));
    const line = how.error && errorLine(how.error, cell.source);
    return { index, milliseconds, ...how, ...(line && { line }) };
  }
};

const updateDisplay = (ran: readonly Running[], content: Json): void => {
  const { display_id } = (content.transient ?? {}) as { display_id?: unknown };
  if (typeof display_id !== 'string') return;
  for (const { collected } of ran) {
    collected.update(display_id, (content.data ?? {}) as Json, (content.metadata ?? {}) as Json);
  }
};

/** Errors that came after their cell had ended: a promise that nobody awaited. */
const lateErrors = (ran: readonly Running[], runs: readonly CellRun[]): CellRun[] =>
  runs.map((run, i) => {
    const { collected, cell } = ran[i]!;
    const error = errorOf(collected.outputs);
    if (run.status !== 'ok' || run.error || error === undefined || raises(cell)) return run;
    const line = errorLine(error, cell.source);
    const reason = `after the cell had ended, ${error.ename}: ${error.evalue}`;
    return { ...run, status: 'failed', error, reason, ...(line && { line }) };
  });

const withOutputs = (notebook: Notebook, ran: readonly Running[], runs: readonly CellRun[]): Notebook => ({
  ...notebook,
  cells: notebook.cells.map((cell, index) => {
    if (!isCode(cell)) return cell;
    const at = ran.findIndex(each => each.index === index);
    return { ...cell, outputs: at < 0 ? [] : complete(ran[at]!.collected, runs[at]?.error) };
  }),
});
