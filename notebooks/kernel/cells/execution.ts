import type { CompilerClient } from '../compiler/compiler-client.js';
import { createTranslator } from '../compiler/translator.js';
import type { Command, ErrorContent, Report } from '../link/protocol.js';
import type { Project } from '../project/project.js';
import { internal, interrupted, processEnded, typeErrors } from './errors.js';
import { type Ending, startUserProcess, type UserProcess } from './process.js';
import type { Scripts } from './scripts.js';

/** Runs code, one cell at a time, in a user process that is started, watched and replaced here. */
export interface Execution {
  run(cell: Cell): Promise<Ended>;
  /** Stops the running cell, if one runs. */
  interrupt(): void;
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
  /** The first error of the cell. */
  readonly error?: ErrorContent;
  readonly expressions: Readonly<Record<string, unknown>>;
  readonly payload: readonly unknown[];
}

/** Receives everything between a cell's start and its end, in order. */
export interface Events {
  report(report: Report, buffers: readonly Uint8Array[]): void;
  output(name: 'stdout' | 'stderr', text: string): void;
  error(cell: number, error: ErrorContent): void;
  /** A new process has taken the place of one that ended between cells. */
  replaced(cell: number, how: ErrorContent): void;
  ended(): void;
}

type Done = Extract<Report, { type: 'done' }>;
type Outcome = Done | Ending | ErrorContent;

const INSIST_MS = 500;

export const createExecution = (
  project: Project,
  scripts: Scripts,
  compiler: CompilerClient,
  events: Events,
): Execution => {
  const translator = createTranslator(compiler);
  let running: { readonly id: number; error?: ErrorContent; interrupted: boolean } | undefined;
  let settle: ((outcome: Outcome) => void) | undefined;
  let lost: Ending | undefined;
  /** A process that is still starting would die of a SIGINT. */
  let ready = false;

  const fail = (id: number, error: ErrorContent) => {
    if (running?.id === id) running.error ??= error;
    events.error(id, error);
  };

  const onReport = (report: Report, buffers: readonly Uint8Array[]) => {
    if (report.type === 'done') settle?.(report);
    else if (report.type === 'error') fail(report.cell, report.error);
    else if (report.type === 'ready') ready = true;
    else if (report.type === 'reload') void compiler.invalidate();
    else events.report(report, buffers);
  };

  const start = (): UserProcess => {
    ready = false;
    const started = startUserProcess(project, scripts, {
      report: onReport,
      output: events.output,
      ended(how) {
        if (user !== started) return;
        user = undefined;
        translator.clear();
        events.ended();
        if (settle) settle(how);
        else lost = how;
      },
    });
    return started;
  };

  let user: UserProcess | undefined = start();

  const process = (cell: number): UserProcess => {
    if (lost) events.replaced(cell, processEnded(lost));
    lost = undefined;
    user ??= start();
    return user;
  };

  const compileExpressions = async (expressions: Readonly<Record<string, string>>) => {
    const compiled: Record<string, { js: string } | { error: ErrorContent }> = {};
    for (const [name, code] of Object.entries(expressions)) {
      const result = await translator.translate(code);
      compiled[name] = result.ok ? { js: result.js } : { error: typeErrors(result.errors, code, name) };
    }
    return compiled;
  };

  const evaluate = async (cell: Cell): Promise<Outcome> => {
    const { id, label, silent, allowStdin, code: source } = cell;
    const to = process(id);
    const compiled = await translator.translate(source);
    if (!compiled.ok) return typeErrors(compiled.errors, source, label);
    const expressions = await compileExpressions(cell.expressions);
    if (running?.interrupted) return interrupted();
    const outcome = new Promise<Outcome>(resolve => {
      settle = resolve;
    });
    if (user !== to) return processEnded(lost ?? { code: null, signal: null });
    const { js, names, mappings } = compiled;
    to.send({ type: 'execute', cell: id, label, js, names, mappings, source, silent, allowStdin, expressions });
    return outcome;
  };

  return {
    async run(cell) {
      const state: NonNullable<typeof running> = { id: cell.id, interrupted: false };
      running = state;
      const outcome = await evaluate(cell).catch(internal);
      settle = undefined;
      if ('traceback' in outcome) fail(cell.id, outcome);
      else if ('signal' in outcome) fail(cell.id, processEnded(outcome));
      else await user?.drained();
      running = undefined;
      const { expressions = {}, payload = [] } = 'type' in outcome ? outcome : {};
      return { ...(state.error ? { error: state.error } : {}), expressions, payload };
    },
    interrupt() {
      const target = running;
      if (!target) return;
      target.interrupted = true;
      // Again until it has ended. It may wait for a child process, which knows of no interrupt but the terminal's.
      let asked = false;
      const insist = () => {
        if (running !== target) return;
        if (settle && asked && ready) user?.kill('SIGINT');
        if (settle) user?.interrupt(target.id);
        asked ||= settle !== undefined;
        setTimeout(insist, INSIST_MS).unref();
      };
      insist();
    },
    send: (command, buffers) => user?.send(command, buffers),
    stop: async () => user?.stop(),
  };
};
