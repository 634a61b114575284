import type { Json } from '../jupyter/wire.js';
import { type Cell, type ErrorOutput, type Output, tagsOf } from './record/nbformat.js';
import type { CellRun, Status } from './record/result-types.js';
import { disagreement } from './record/results.js';
import type { Ending } from './running-kernel.js';

export type Verdict = Pick<CellRun, 'status' | 'reason' | 'error'>;

/** A cell that is meant to fail. */
export const raises = (cell: Cell): boolean => tagsOf(cell).includes('raises-exception');

/** The error that tells that the process which runs the cells is gone, and with it all that the cells before have made. */
export const isLost = ({ ename }: Pick<ErrorOutput, 'ename'>): boolean => ename === 'ProcessEnded';

/** The first error, or the one after which nothing else counts. */
export const errorOf = (outputs: readonly Output[]): ErrorOutput | undefined => {
  const errors = outputs.filter((o): o is ErrorOutput => o.output_type === 'error');
  return errors.find(isLost) ?? errors[0];
};

const stderrOf = (outputs: readonly Output[]): string =>
  outputs.map(o => (o.output_type === 'stream' && o.name === 'stderr' ? o.text : '')).join('');

/** The error that a reply tells of, for kernels that send no error message; tslab tells it on stderr alone. */
const fromReply = ({ ename, evalue, traceback }: Json, outputs: readonly Output[]): ErrorOutput => ({
  output_type: 'error',
  ename: String(ename ?? 'Error'),
  evalue: String(evalue ?? 'the kernel gave no reason'),
  traceback: Array.isArray(traceback) ? traceback.map(String) : [stderrOf(outputs)].filter(Boolean),
});

const seconds = (ms: number): string => `${Number((ms / 1000).toPrecision(3))} s`;

/** Of a cell that ended properly, by its reply and its outputs. */
const answered = (reply: Json, outputs: readonly Output[], cell: Cell): Verdict => {
  const error = errorOf(outputs) ?? (reply.status === 'error' ? fromReply(reply, outputs) : undefined);
  if (error && isLost(error)) return { status: 'broken', error, reason: error.evalue };
  if (error && raises(cell)) return { status: 'ok', error };
  if (error) return { status: 'failed', error, reason: `${error.ename}: ${error.evalue}` };
  if (reply.status !== 'ok') {
    return { status: 'broken', reason: `the kernel answered ${String(reply.status)}: the cell did not run` };
  }
  const reason = disagreement(outputs);
  return reason === undefined ? { status: 'ok' } : { status: 'mismatch', reason };
};

/** Whether a cell did what it should. It is only ok where the kernel said so and all its outputs have arrived. */
export const verdict = (ending: Ending, outputs: readonly Output[], cell: Cell, limitMs: number): Verdict => {
  if (ending.kind === 'complete') return answered(ending.reply, outputs, cell);
  if (ending.kind === 'died') return { status: 'broken', reason: ending.how };
  if (ending.kind === 'lost') {
    return { status: 'broken', reason: 'the kernel replied but never became idle: outputs may be missing' };
  }
  const how = ending.answered ? 'interrupted' : 'it did not react to an interrupt, so the kernel was ended';
  return { status: 'timeout', reason: `no end within ${seconds(limitMs)}; ${how}` };
};

/** What a run amounts to: the worst of its cells. */
export const worst = (runs: readonly { readonly status: Status }[]): Status =>
  (['broken', 'timeout', 'failed', 'mismatch', 'budget'] as const).find(status =>
    runs.some(run => run.status === status),
  ) ?? 'ok';
