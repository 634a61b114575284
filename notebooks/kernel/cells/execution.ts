import type { CompilerClient } from '../compiler/compiler-client.js';
import { createTranslator } from '../compiler/translator.js';
import {
  type CellRequest,
  type Command,
  type CommMessage,
  type CompiledExpression,
  type Done,
  type ErrorContent,
  INTERRUPTED,
  type Property,
  type Report,
} from '../link/protocol.js';
import type { Project } from '../project/project.js';
import { internal, processEnded, processReplaced, typeErrors } from './errors.js';
import { insist, REPLACE_MS } from './insist.js';
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
}

type Outcome = Done | Ending | ErrorContent;

const WARNING_MS = 3000;

export const createExecution = (
  project: Project,
  scripts: Scripts,
  compiler: CompilerClient,
  events: Events,
): Execution => {
  const translator = createTranslator(compiler);
  const asked = createPropertiesAsked(command => user?.send(command));
  let running: { readonly cell: number; error?: ErrorContent; interrupted: boolean; replaced: boolean } | undefined;
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

  const compileExpressions = async (expressions: Readonly<Record<string, string>>) => {
    const compiled: Record<string, CompiledExpression> = {};
    for (const [name, code] of Object.entries(expressions)) {
      const result = await translator.translate(code);
      compiled[name] = result.ok ? { js: result.script.js } : { error: typeErrors(result.errors, code, name) };
    }
    return compiled;
  };

  /** While the cell runs, and not for ever: a large project takes its time. */
  const warn = async () => {
    const told = compiler.warnings().then(
      texts => {
        if (texts.length > 0) events.output('stderr', texts.join(''));
      },
      () => undefined,
    );
    await Promise.race([told, new Promise(resolve => setTimeout(resolve, WARNING_MS).unref())]);
  };

  const evaluate = async (request: CellRequest): Promise<Outcome> => {
    const { cell, label, source } = request;
    const to = process(cell);
    const compiled = await translator.translate(source);
    if (running?.interrupted) return INTERRUPTED;
    if (compiled.news) telling = warn();
    if (!compiled.ok) return typeErrors(compiled.errors, source, label);
    const expressions = await compileExpressions(request.expressions);
    if (running?.interrupted) return INTERRUPTED;
    const outcome = ending();
    if (user !== to) return processEnded(lost ?? { code: null, signal: null });
    to.send({ type: 'execute', ...request, ...compiled.script, expressions });
    return outcome;
  };

  const conduct = async (cell: number, work: () => Promise<Outcome>): Promise<Ended> => {
    const state: NonNullable<typeof running> = { cell, interrupted: false, replaced: false };
    running = state;
    const outcome = await work().catch(internal);
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
    send: (command, buffers) => user?.send(command, buffers),
    properties: asked.ask,
    async stop() {
      const last = user;
      user = undefined;
      await last?.stop();
    },
  };
};
