import type { CompilerClient } from './compile/client.js';
import type { Execution } from './execution.js';
import type { Session } from './session.js';
import type { Streams } from './streams.js';
import type { Json, Message } from './wire.js';

/** Answers requests: cells in a queue, everything else at once, also while a cell computes. */
export interface Shell {
  receive(channel: 'shell' | 'control' | 'stdin', message: Message): void;
  /** The execution count of the running or latest cell. */
  count(): number;
}

export interface ShellParts {
  readonly session: Session;
  readonly execution: Execution;
  readonly compiler: CompilerClient;
  readonly streams: Streams;
  readonly info: Json;
  begin(cell: number, parent: Message): void;
  shutdown(): void;
}

interface Entry {
  readonly message: Message;
  readonly channel: 'shell' | 'control';
}

export const createShell = (parts: ShellParts): Shell => {
  const { session, execution, compiler, streams } = parts;
  const queue: Entry[] = [];
  let executing: Message | undefined;
  let cells = 0;
  let count = 0;

  const status = (state: 'busy' | 'idle', parent: Message) =>
    session.publish('status', { execution_state: state }, parent);

  const execute = async ({ message, channel }: Entry): Promise<void> => {
    const { code, silent, store_history, stop_on_error, allow_stdin, user_expressions } = message.content;
    const quiet = silent === true;
    if (!quiet && store_history !== false) count++;
    const id = ++cells;
    parts.begin(id, message);
    executing = message;
    void status('busy', message);
    if (!quiet) void session.publish('execute_input', { code, execution_count: count }, message);
    const ended = await execution.run({
      ...{
        id,
        label: String(count),
        code: String(code ?? ''),
        silent: quiet,
        allowStdin: allow_stdin !== false,
      },
      expressions: (user_expressions as Record<string, string> | undefined) ?? {},
    });
    streams.flush();
    const { error } = ended;
    const failure = { ename: '', evalue: '', traceback: [], ...error };
    const content =
      ended.status === 'ok'
        ? {
            status: 'ok',
            execution_count: count,
            user_expressions: ended.expressions,
            payload: ended.payload,
          }
        : { status: 'error', execution_count: count, ...failure, user_expressions: {}, payload: [] };
    if (ended.status === 'error' && stop_on_error !== false) abortQueued();
    void session.reply(channel, message, content);
    executing = undefined;
    void status('idle', message);
  };

  /** Those that were waiting when a cell failed are answered, not run. */
  const abortQueued = () => {
    for (const { message, channel } of queue.splice(0)) {
      void status('busy', message);
      void session.reply(channel, message, { status: 'aborted', execution_count: count });
      void status('idle', message);
    }
  };

  let draining = false;
  const drain = async () => {
    if (draining) return;
    draining = true;
    for (let next = queue.shift(); next; next = queue.shift()) await execute(next);
    draining = false;
    void compiler.settle();
  };
  const enqueue = (entry: Entry) => {
    queue.push(entry);
    void drain();
  };

  const answer = async (message: Message): Promise<Json | undefined> => {
    switch (message.header.msg_type) {
      case 'kernel_info_request':
        return parts.info;
      case 'is_complete_request': {
        const state = await compiler.isComplete(String(message.content.code ?? ''));
        return state === 'incomplete' ? { status: state, indent: '  ' } : { status: state };
      }
      case 'interrupt_request':
        execution.interrupt();
        return { status: 'ok' };
      case 'shutdown_request':
        return { status: 'ok', restart: message.content.restart === true };
      case 'comm_info_request':
        return { status: 'ok', comms: {} };
      default:
        return undefined;
    }
  };

  return {
    count: () => count,
    receive(channel, message) {
      if (channel === 'stdin') return;
      if (message.header.msg_type === 'execute_request') return enqueue({ message, channel });
      void (async () => {
        void status('busy', message);
        const content = await answer(message);
        if (content) await session.reply(channel, message, content);
        await status('idle', message);
        if (executing) void status('busy', executing);
        if (message.header.msg_type === 'shutdown_request') parts.shutdown();
      })();
    },
  };
};
