import type { Execution } from '../cells/execution.js';
import type { CommKind } from '../link/protocol.js';
import type { History } from './history.js';
import type { Session } from './session.js';
import type { Json, Message } from './wire.js';

/** execute_request → its iopub messages and its reply. */
export interface Executions {
  execute(message: Message, waiting: readonly Message[]): Promise<Json>;
  /** Has a message of a comm handled: what comes of it is said in its name. */
  comm(kind: CommKind, message: Message): Promise<void>;
  /** The reply to a cell that is not run, because one before it failed. */
  aborted(): Json;
  /** The execution count of the running or latest cell. */
  count(): number;
}

export interface ExecuteParts {
  readonly session: Session;
  readonly execution: Execution;
  readonly history: History;
  /** The number of a cell that answers this request. */
  begin(parent: Message): number;
  /** The same for a message of a comm, until it has been handled. */
  visit(parent: Message): { readonly cell: number; leave(): void };
  /** All output of the cell has arrived: send what is waiting. */
  flush(): void;
}

export const createExecutions = ({ session, execution, history, begin, visit, flush }: ExecuteParts): Executions => {
  let count = 0;
  return {
    count: () => count,
    aborted: () => ({ status: 'aborted', execution_count: count }),
    async execute(message, waiting) {
      const { silent: quiet, store_history, allow_stdin, user_expressions } = message.content;
      const code = String(message.content.code ?? '');
      const silent = quiet === true;
      const stored = !silent && store_history !== false;
      if (stored) count++;
      const cell = begin(message);
      const { deletedCells } = message.metadata;
      const ending = execution.run({
        cell,
        label: String(count),
        source: code,
        silent,
        allowStdin: allow_stdin !== false,
        expressions: strings(user_expressions),
        ...(stored ? { id: idOf(message) ?? `execution ${cell}` } : {}),
        deleted: Array.isArray(deletedCells) ? deletedCells.map(String) : [],
        following: together(message, waiting),
      });
      // The cell is being compiled meanwhile.
      if (!silent) void session.publish('execute_input', { code, execution_count: count }, message);
      if (stored && code.trim() !== '') history.add(count, code);
      const { error, expressions, payload } = await ending;
      flush();
      if (error) return { status: 'error', execution_count: count, ...error, user_expressions: {}, payload };
      return { status: 'ok', execution_count: count, user_expressions: expressions, payload };
    },
    async comm(kind, message) {
      const { cell, leave } = visit(message);
      await execution.handle({ type: 'comm', cell, kind, content: message.content }, message.buffers);
      flush();
      leave();
    },
  };
};

const idOf = ({ metadata: { cellId } }: Message): string | undefined =>
  typeof cellId === 'string' ? cellId : undefined;

/** The cells that were sent in one go with this one, after it. */
const together = (first: Message, waiting: readonly Message[]): string[] => {
  let sent = Date.parse(first.header.date);
  const found: string[] = [];
  for (const message of waiting) {
    const now = Date.parse(message.header.date);
    const id = idOf(message);
    if (id === undefined || !(now - sent < TOGETHER_MS)) break;
    found.push(id);
    sent = now;
  }
  return found;
};

/** No hand sends two cells so soon after each other; who runs many at once sends them as they stand. */
const TOGETHER_MS = 100;

const strings = (value: unknown): Record<string, string> =>
  typeof value === 'object' && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, code]) => [name, String(code)]))
    : {};
