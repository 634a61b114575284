import { setImmediate } from 'node:timers';
import type { Channel } from '../link/channel.js';
import { NativePromise } from '../link/primordials.js';
import {
  type CompiledExpression,
  type ErrorContent,
  type Execute,
  type Expression,
  INTERRUPTED,
} from '../link/protocol.js';
import type { Cells } from './cells.js';
import type { Evaluator, Outcome } from './evaluate.js';
import type { Later } from './show/presenter.js';
import type { Shown } from './show/show.js';
import { NoStdin } from './stdin.js';

/**
 * Runs one cell at a time and reports how it ended, exactly once. Only callbacks of timers and of the event loop
 * lead to the end of an interrupted cell: a terminated script may take all waiting promises with it.
 */
export interface Executor {
  execute(command: Execute): void;
  /** Has a message of a comm handled, and reports the end of that as of a cell. */
  handle(cell: number, work: () => void): void;
  /** The value of the running cell's last expression. */
  result(value: unknown): void;
  /** An error that no cell caught: of the running cell, or of what an earlier one left behind. */
  stray(thrown: unknown, cell?: number): void;
  /** Reports the cell as interrupted where it runs; one that is still to come will not begin. */
  interrupt(cell: number): boolean;
}

export interface ExecutorParts {
  readonly channel: Channel;
  readonly cells: Cells;
  readonly evaluator: Evaluator;
  describe(thrown: unknown): ErrorContent;
  show(value: unknown): Later<Shown>;
  /** Undefined, or resolves when what the cell has begun to show is shown. */
  shown(): Promise<void> | undefined;
  /** The cell with this label has come to a value. */
  keep(label: string, value: unknown): void;
  /** What the cell has put into its reply's payload. */
  payload(): readonly Record<string, unknown>[];
  /** Whether an interrupt of this cell is on its way. */
  interrupted(cell: number): boolean;
  /** The interrupted cell has come to its end. */
  finish(cell: number): void;
}

interface Running {
  readonly command: Pick<Execute, 'cell' | 'label' | 'silent' | 'expressions'>;
  value: unknown;
  failed: boolean;
  /** Reported as interrupted. */
  stopped: boolean;
  ended: boolean;
}

export const createExecutor = (parts: ExecutorParts): Executor => {
  const { channel, cells, evaluator } = parts;
  let running: Running | undefined;
  /** An interrupt takes a way of its own, and may be here before its cell. */
  let cancelled = 0;

  const fail = (cell: number, error: ErrorContent) => {
    if (running?.command.cell === cell) running.failed = true;
    channel.send({ type: 'error', cell, error });
  };

  /**
   * Sent first, then marked: a termination may come between the two, and then the next interrupt sends it again. The
   * kernel knows by the cell's number what it has had.
   */
  const end = (cell: Running, expressions: Readonly<Record<string, Expression>>) => {
    if (cell.ended) return;
    channel.send({ type: 'done', cell: cell.command.cell, expressions, payload: parts.payload() });
    cell.ended = true;
    cells.leave(cell.command.cell);
    if (running === cell) running = undefined;
  };

  const stop = (cell: Running) => {
    if (!cell.stopped) fail(cell.command.cell, INTERRUPTED);
    cell.stopped = true;
    end(cell, {});
  };

  const evaluated = (cell: Running, outcome: Outcome) => {
    if (cell.ended) return;
    // Whatever the error of the interrupt has become on its way.
    if (parts.interrupted(cell.command.cell)) return void setImmediate(parts.finish, cell.command.cell);
    if (!outcome.ok) fail(cell.command.cell, parts.describe(outcome.thrown));
    // Node reports rejections without a handler after the cell's microtasks, before its next immediate.
    setImmediate(() => void conclude(cell, outcome.ok));
  };

  const conclude = async (cell: Running, ok: boolean): Promise<void> => {
    const { command } = cell;
    // Every await costs a cell time.
    const showing = parts.shown();
    if (showing) await showing;
    if (cell.ended) return;
    if (ok && !command.silent && cell.value !== undefined) {
      parts.keep(command.label, cell.value);
      try {
        const content = { ...(await parts.show(cell.value)) };
        if (!cell.ended) channel.send({ type: 'result', cell: command.cell, content });
      } catch (error) {
        fail(command.cell, parts.describe(error));
      }
    }
    const expressions: Record<string, Expression> = {};
    if (!cell.failed) {
      for (const [name, expression] of Object.entries(command.expressions)) {
        expressions[name] = await evaluateExpression(cell, expression);
      }
    }
    end(cell, expressions);
  };

  const evaluateExpression = async (cell: Running, expression: CompiledExpression): Promise<Expression> => {
    if ('error' in expression) return { status: 'error', ...expression.error };
    cell.value = undefined;
    const outcome = await new NativePromise<Outcome>(resolve =>
      evaluator.run(cell.command.cell, expression.js, [], resolve),
    );
    if (!outcome.ok) return { status: 'error', ...parts.describe(outcome.thrown) };
    const { data, metadata } = await parts.show(cell.value);
    return { status: 'ok', data, metadata };
  };

  /** Undefined where an interrupt has come first. */
  const enter = (command: Running['command']): Running | undefined => {
    const cell: Running = { command, value: undefined, failed: false, stopped: false, ended: false };
    running = cell;
    if (command.cell !== cancelled) return cell;
    stop(cell);
    return undefined;
  };

  return {
    handle(number, work) {
      cells.visit(number);
      const cell = enter({ cell: number, label: '', silent: true, expressions: {} });
      if (!cell) return;
      // From the event loop: what is terminated takes the reader of commands along otherwise.
      setImmediate(() => {
        if (!cell.ended) evaluator.call(number, work, outcome => evaluated(cell, outcome));
      });
    },
    execute(command) {
      cells.enter(command);
      // What an interrupted cell has left is no affair of this one.
      void parts.shown();
      const cell = enter(command);
      if (!cell) return;
      evaluator.run(
        command.cell,
        command.js,
        command.names,
        outcome => evaluated(cell, outcome),
        () => !cell.ended,
      );
    },
    result(value) {
      if (running) running.value = value;
    },
    stray(thrown, cell = cells.current()) {
      fail(cell, parts.describe(thrown));
      // Who asks and does not look at the error would wait for an answer for ever.
      if (thrown instanceof NoStdin && running) end(running, {});
    },
    interrupt(cell) {
      if (cell > cells.current()) cancelled = cell;
      if (running?.command.cell !== cell) return false;
      stop(running);
      return true;
    },
  };
};
