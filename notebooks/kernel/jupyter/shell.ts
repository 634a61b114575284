import { internal } from '../cells/errors.js';
import type { CommKind } from '../link/protocol.js';
import { createAim } from './aim.js';
import type { Answers } from './answers.js';
import { isCommKind } from './comm.js';
import type { Session } from './session.js';
import type { Json, Message } from './wire.js';

/** The request channels: cells and comm messages wait for each other, everything else is answered at once. */
export interface Shell {
  receive(channel: 'shell' | 'control', message: Message): void;
}

export interface ShellParts {
  readonly session: Session;
  readonly answers: Answers;
  /** Runs a cell and returns its reply. @param waiting what came after it and waits by now */
  execute(message: Message, waiting: readonly Message[]): Promise<Json>;
  /** Stops the cell that runs. */
  interrupt(): void;
  /** Has a message of a comm handled. */
  comm(kind: CommKind, message: Message): Promise<void>;
  aborted(): Json;
  /** Nothing is left to do. */
  rested(): void;
  shutdown(): void;
}

type Entry = readonly ['shell' | 'control', Message];

export const createShell = ({ session, answers, ...parts }: ShellParts): Shell => {
  const queue: Entry[] = [];
  let executing: Message | undefined;
  let draining = false;
  const aim = createAim();

  const status = (execution_state: 'busy' | 'idle', parent: Message) =>
    session.publish('status', { execution_state }, parent);

  const execute = async (channel: 'shell' | 'control', message: Message): Promise<void> => {
    const started = new Date().toISOString();
    const ending = parts
      .execute(
        message,
        queue.map(([, each]) => each),
      )
      .catch(broken);
    if (aim.awaits(message)) parts.interrupt();
    const reply = await ending;
    const stops = reply.status === 'error' && message.content.stop_on_error !== false;
    // Only what was sent before the client could know of the error.
    const stopped = stops ? await queued() : [];
    void session.reply(channel, message, reply, { started });
    executing = undefined;
    void status('idle', message);
    for (const each of stopped) abort(each);
  };

  /** Takes the cells that wait out of the queue. */
  const queued = async (): Promise<Entry[]> => {
    await new Promise(resolve => setTimeout(resolve, SETTLE_MS));
    const waiting = queue.splice(0);
    const isComm = ([, { header }]: Entry) => isCommKind(header.msg_type);
    queue.push(...waiting.filter(isComm));
    return waiting.filter(each => !isComm(each));
  };

  const abort = ([channel, message]: Entry) => {
    void status('busy', message);
    void session.reply(channel, message, parts.aborted());
    void status('idle', message);
  };

  const take = async ([channel, message]: Entry) => {
    const kind = message.header.msg_type;
    executing = message;
    void status('busy', message);
    if (!isCommKind(kind)) return execute(channel, message);
    await parts.comm(kind, message).catch(broken);
    executing = undefined;
    void status('idle', message);
  };

  const drain = async () => {
    if (draining) return;
    draining = true;
    for (let next = queue.shift(); next; next = queue.shift()) await take(next);
    draining = false;
    parts.rested();
  };

  /** undefined for a message that nobody answers. */
  const contentFor = async (message: Message): Promise<Json | undefined> => {
    const { msg_type } = message.header;
    if (msg_type === 'interrupt_request') {
      if (await aim.interrupt(message, executing)) parts.interrupt();
      return { status: 'ok' };
    }
    const handler = Object.hasOwn(answers, msg_type) ? answers[msg_type] : undefined;
    return handler && attempt(handler, message.content);
  };

  const answer = async (channel: 'shell' | 'control', message: Message): Promise<void> => {
    const { msg_type } = message.header;
    void status('busy', message);
    const content = await contentFor(message);
    if (content) {
      void session.reply(channel, message, content);
      if (msg_type === 'shutdown_request') void session.publish('shutdown_reply', content, message);
    }
    await status('idle', message);
    // A front end shows the status that came last, whichever request it is about; the cell is still running.
    if (executing) void status('busy', executing);
    if (msg_type === 'shutdown_request') parts.shutdown();
  };

  return {
    receive(channel, message) {
      const { msg_type } = message.header;
      if (msg_type !== 'execute_request' && !isCommKind(msg_type)) return void answer(channel, message);
      queue.push([channel, message]);
      void drain();
    },
  };
};

const broken = (error: unknown): Json => ({ status: 'error', ...internal(error) });

const attempt = async (handler: Answers[string], content: Json): Promise<Json> => {
  try {
    return await handler(content);
  } catch (error) {
    return broken(error);
  }
};

/** Messages that have arrived at a socket take a moment to be read. */
const SETTLE_MS = 3;
