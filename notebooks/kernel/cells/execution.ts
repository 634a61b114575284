import type { CompilerClient } from '../compiler/compiler-client.js';
import { createTranslator } from '../compiler/translator.js';
import { createGraph } from '../graph/graph.js';
import type {
  CellRequest,
  Command,
  CommMessage,
  Done,
  ErrorContent,
  Execute,
  Property,
  Report,
} from '../link/protocol.js';
import type { Project } from '../project/project.js';
import { internal, processEnded, processReplaced } from './errors.js';
import { createFreshness, type Outcome, type StaleMode } from './freshness.js';
import { insist, REPLACE_MS } from './insist.js';
import { createOnce } from './once.js';
import { type Ending, startUserProcess, type UserProcess } from './process.js';
import { createPropertiesAsked } from './properties-asked.js';
import type { Scripts } from './scripts.js';

/** Runs code, one cell at a time, in a user process that is started, watched and replaced here. */
export interface Execution {
  run(request: CellRequest): Promise<Ended>;
  /** Has a message of a comm handled, which has a number as cells do; resolves when that is done. */
  handle(command: CommMessage, buffers: readonly Uint8Array[]): Promise<void>;
  /** Stops the running cell, if one runs. */
  interrupt(): void;
  send(command: Command, buffers?: readonly Uint8Array[]): void;
  /** Does what nobody needs to wait for. */
  settle(): void;
  /** Of a value that the process has. */
  properties(path: readonly string[]): Promise<readonly Property[]>;
  stop(): Promise<void>;
}

/** What came of it. */
export interface Ended extends Pick<Done, 'expressions' | 'payload'> {
  /** The first error of the cell. */
  readonly error?: ErrorContent;
}

/** Receives everything between a cell's start and its end, in order. */
export interface Events {
  report(report: Report, buffers: readonly Uint8Array[]): void;
  output(name: 'stdout' | 'stderr', text: string): void;
  error(cell: number, error: ErrorContent): void;
  /** A new process has taken the place of one that ended between cells. */
  replaced(cell: number, how: ErrorContent): void;
  ended(): void;
  /** The number of a cell that runs once more, with the output of an earlier one, or else of another one. */
  again(of: number, otherwise: number): number;
}

export const createExecution = (
  project: Project,
  scripts: Scripts,
  compiler: CompilerClient,
  events: Events,
  mode: StaleMode = 'say',
): Execution => {
  const translator = createTranslator(compiler);
  const graph = createGraph(project);
  const asked = createPropertiesAsked(command => user?.send(command));
  let running: { cell: number; error?: ErrorContent; interrupted: boolean; replaced: boolean } | undefined;
  let settle: ((outcome: Outcome) => void) | undefined;
  let lost: Ending | undefined;
  let telling: Promise<void> | undefined;
  let latest = 0;
  /** A process that is still starting would die of a SIGINT. */
  let ready = false;

  const fail = (cell: number, error: ErrorContent) => {
    if (running?.cell === cell) running.error ??= error;
    events.error(cell, error);
  };

  const onReport = (report: Report, buffers: readonly Uint8Array[]) => {
    if (report.type === 'done') {
      // An interrupt may have had it sent twice.
      if (report.cell === running?.cell) settle?.(report);
    } else if (report.type === 'error') fail(report.cell, report.error);
    else if (report.type === 'ready') ready = true;
    else if (report.type === 'properties') asked.answered(report.question, report.properties);
    else if (report.type === 'reload') {
      graph.reloaded();
      void compiler.invalidate();
    } else events.report(report, buffers);
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
        graph.lost();
        events.ended();
        if (settle) return settle(how);
        lost = how;
        // Between cells it is the work of the one that ran last.
        if (!running && latest > 0) events.error(latest, processEnded(how));
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

  const perform = (to: UserProcess, command: Execute): Promise<Outcome> => {
    if (running) running.cell = command.cell;
    const outcome = ending();
    to.send(command);
    return outcome;
  };

  const { once, reload } = createOnce({
    graph,
    translator,
    compiler,
    events,
    perform,
    process,
    current: () => user,
    state: () => running,
    gone: () => processEnded(lost ?? { code: null, signal: null }),
    sent() {
      settle = undefined;
    },
    tells(told) {
      telling = told;
    },
  });

  const evaluate = createFreshness({
    graph,
    mode,
    look: compiler.look,
    once,
    reload,
    again: events.again,
    clear: cell => events.report({ type: 'display', cell, kind: 'clear_output', content: { wait: true } }, []),
    interrupted: () => running?.interrupted === true,
    takeError() {
      const error = running?.error;
      if (running) delete running.error;
      return error;
    },
  });

  const conduct = async (cell: number, work: () => Promise<Outcome>): Promise<Ended> => {
    const state: NonNullable<typeof running> = { cell, interrupted: false, replaced: false };
    running = state;
    const outcome = await work().catch(internal);
    state.cell = cell;
    if (!state.interrupted) await telling;
    telling = undefined;
    settle = undefined;
    if ('traceback' in outcome) fail(cell, outcome);
    else if ('signal' in outcome)
      fail(cell, state.replaced ? processReplaced(REPLACE_MS / 1000) : processEnded(outcome));
    else await user?.drained();
    running = undefined;
    const { expressions = {}, payload = [] } = 'type' in outcome ? outcome : {};
    return { ...(state.error ? { error: state.error } : {}), expressions, payload };
  };

  const ending = () =>
    new Promise<Outcome>(resolve => {
      settle = resolve;
    });

  return {
    run(request) {
      latest = request.cell;
      return conduct(request.cell, () => evaluate(request));
    },
    async handle(command, buffers) {
      // With the process its comms have ended.
      const to = user;
      if (!to) return;
      await conduct(command.cell, () => {
        const outcome = ending();
        to.send(command, buffers);
        return outcome;
      });
    },
    interrupt() {
      const target = running;
      if (!target) return;
      target.interrupted = true;
      insist({
        ended: () => running !== target,
        sent: () => settle !== undefined,
        cutCheck: compiler.cut,
        interrupt: () => user?.interrupt(target.cell),
        signal() {
          if (ready) user?.kill('SIGINT');
        },
        replace() {
          target.replaced = true;
          user?.kill('SIGKILL');
        },
      });
    },
    settle: graph.settle,
    send: (command, buffers) => user?.send(command, buffers),
    properties: asked.ask,
    async stop() {
      const last = user;
      user = undefined;
      await last?.stop();
    },
  };
};
