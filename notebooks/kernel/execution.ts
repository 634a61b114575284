import type { CompilerClient } from './compile/client.js';
import { interrupted, processEnded, typeErrors } from './errors.js';
import { type Ending, startUserProcess, type UserProcess } from './process.js';
import type { Project } from './project.js';
import type { Command, ErrorContent, Report } from './protocol.js';
import type { Scripts } from './scripts.js';

/** Runs code, one cell at a time, in a user process that is started, watched and replaced here. */
export interface Execution {
  run(cell: Cell): Promise<Ended>;
  /** Stops the running cell; false where none runs. */
  interrupt(): boolean;
  send(command: Command, buffers?: readonly Uint8Array[]): void;
  stop(): Promise<void>;
}

export interface Cell {
  readonly id: number;
  readonly label: string;
  readonly code: string;
  readonly silent: boolean;
  readonly allowStdin: boolean;
  readonly expressions: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly status: 'ok' | 'error';
  /** The first error, for the reply. */
  readonly error?: ErrorContent;
  readonly expressions: Readonly<Record<string, unknown>>;
  readonly payload: readonly unknown[];
}

/** Receives everything between a cell's start and its end, in order. */
export interface Events {
  report(report: Report, buffers: readonly Uint8Array[]): void;
  output(name: 'stdout' | 'stderr', text: string): void;
  error(cell: number, error: ErrorContent): void;
}

type Done = Extract<Report, { type: 'done' }>;
type Outcome = Done | Ending;

export const createExecution = (
  project: Project,
  scripts: Scripts,
  compiler: CompilerClient,
  events: Events,
): Execution => {
  let user: UserProcess | undefined;
  let settle: ((outcome: Outcome) => void) | undefined;
  let running: { readonly id: number; error?: ErrorContent; interrupted: boolean } | undefined;

  const fail = (id: number, error: ErrorContent) => {
    if (running?.id === id) running.error ??= error;
    events.error(id, error);
  };

  const onReport = (report: Report, buffers: readonly Uint8Array[]) => {
    if (report.type === 'done') settle?.(report);
    else if (report.type === 'error') fail(report.cell, report.error);
    else if (report.type === 'reload') void compiler.invalidate();
    else events.report(report, buffers);
  };

  const start = (): UserProcess => {
    const started = startUserProcess(project, scripts, {
      report: onReport,
      output: events.output,
      ended(how) {
        if (user !== started) return;
        user = undefined;
        void compiler.clear();
        settle?.(how);
      },
    });
    return started;
  };

  user = start();

  const evaluate = async (cell: Cell): Promise<Outcome | ErrorContent> => {
    const compiled = await compiler.compile(cell.code);
    if (!compiled.ok) return typeErrors(compiled.errors, cell.code, cell.label);
    if (running?.interrupted) return interrupted();
    user ??= start();
    const { id, label, silent, allowStdin, code: source } = cell;
    const { js, mappings } = compiled;
    const outcome = new Promise<Outcome>(resolve => {
      settle = resolve;
    });
    user.send({
      type: 'execute',
      cell: id,
      label,
      js,
      mappings,
      source,
      silent,
      allowStdin,
      expressions: {},
    });
    return outcome;
  };

  return {
    async run(cell) {
      const state: NonNullable<typeof running> = { id: cell.id, interrupted: false };
      running = state;
      const outcome = await evaluate(cell);
      settle = undefined;
      if ('traceback' in outcome) fail(cell.id, outcome);
      else if ('signal' in outcome) fail(cell.id, processEnded(outcome));
      else await user?.flushed(outcome.marker);
      running = undefined;
      const done = 'type' in outcome ? outcome : undefined;
      return {
        status: state.error || done?.status === 'error' ? 'error' : 'ok',
        ...(state.error ? { error: state.error } : {}),
        expressions: done?.expressions ?? {},
        payload: done?.payload ?? [],
      };
    },
    interrupt() {
      if (!running) return false;
      running.interrupted = true;
      user?.interrupt();
      return true;
    },
    send: (command, buffers) => user?.send(command, buffers),
    stop: async () => user?.stop(),
  };
};
