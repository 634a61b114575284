import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';
import { address, type ConnectionInfo, curveClient } from '../jupyter/connection.js';
import { outbox, UNBOUNDED } from '../jupyter/outbox.js';
import { decode, encode, header, type Json, type Message, signer } from '../jupyter/wire.js';

/** What a listener hears on iopub, for the request it listens to. */
export type Listener = (type: string, content: Json) => void;

/** A reply, and the idle status that says all its outputs have been heard. */
export interface Exchange {
  readonly id: string;
  readonly reply: Promise<Json>;
  readonly idle: Promise<void>;
}

/** A client of one kernel. */
export interface Client {
  /** Sends on shell; the listener hears the iopub messages of this request, late ones included. */
  request(type: string, content: Json, listener?: Listener): Exchange;
  /** Sends on control, which a busy kernel answers too. */
  control(type: string, content: Json): Promise<Json>;
  /** Messages about no request of this client, such as updates of a display. */
  onOther(listener: Listener): void;
  /** kernel_info's content, once shell answers and iopub is heard: before that, outputs would be lost. */
  ready(timeoutMs: number): Promise<Json>;
  close(): void;
}

interface Waiting {
  reply(content: Json): void;
  idle(): void;
  readonly listener: Listener | undefined;
}

/** The requests under way, by message id. They stay for good: outputs may come long after the idle status. */
const createExchanges = () => {
  const waiting = new Map<string, Waiting>();
  const of = (message: Message): Waiting | undefined => waiting.get(message.parent_header.msg_id ?? '');
  return {
    open(id: string, listener: Listener | undefined): Exchange {
      const unset = () => undefined;
      const entry: { reply: Waiting['reply']; idle: Waiting['idle'] } = { reply: unset, idle: unset };
      const reply = new Promise<Json>(resolve => {
        entry.reply = resolve;
      });
      const idle = new Promise<void>(resolve => {
        entry.idle = resolve;
      });
      waiting.set(id, { reply: content => entry.reply(content), idle: () => entry.idle(), listener });
      return { id, reply, idle };
    },
    replied: (message: Message): void => of(message)?.reply(message.content),
    published(message: Message, other: Listener): void {
      const { header, content } = message;
      const request = of(message);
      (request?.listener ?? other)(header.msg_type, content);
      if (header.msg_type === 'status' && content.execution_state === 'idle') request?.idle();
    },
  };
};

const listen = (socket: Dealer | Subscriber, sign: ReturnType<typeof signer>, on: (message: Message) => void): void => {
  const loop = async () => {
    for await (const frames of socket) on(decode(frames, sign));
  };
  // A closed socket ends its loop; a message with a bad signature is none of ours.
  loop().catch(() => undefined);
};

/**
 * Asks for kernel_info until shell answers and iopub is heard: a subscription takes effect some time after it was
 * asked for, and what a kernel publishes before is lost. A closed client asks no more.
 */
const greet = async (
  ask: () => Promise<Json>,
  heard: () => boolean,
  closed: () => boolean,
  timeoutMs: number,
): Promise<Json> => {
  const end = Date.now() + timeoutMs;
  let info: Json | undefined;
  while (Date.now() < end && !closed()) {
    const pause = sleep(info === undefined ? 1000 : 100);
    info = (await Promise.race([ask(), pause.then(() => undefined)])) ?? info;
    if (info !== undefined && !heard()) await sleep(50);
    if (info !== undefined && heard()) return info;
  }
  const what =
    info === undefined ? 'the kernel did not answer kernel_info' : 'the kernel answers, but iopub is silent,';
  throw new Error(`${what} within ${timeoutMs / 1000} s`);
};

const openSockets = (info: ConnectionInfo, routingId: string) => {
  const common = { ...curveClient(info), linger: 0 };
  const shell = new Dealer({ ...common, ...UNBOUNDED, routingId });
  const control = new Dealer({ ...common, ...UNBOUNDED, routingId });
  const iopub = new Subscriber({ ...common, receiveHighWaterMark: UNBOUNDED.receiveHighWaterMark });
  shell.connect(address(info, 'shell'));
  control.connect(address(info, 'control'));
  iopub.connect(address(info, 'iopub'));
  iopub.subscribe();
  return { shell, control, iopub };
};

/** Connects to a kernel. Nothing is sent before the first request. */
export const connect = (info: ConnectionInfo): Client => {
  const session = randomUUID();
  const sign = signer(info.key, info.signature_scheme);
  const sockets = openSockets(info, session);
  const out = { shell: outbox(sockets.shell), control: outbox(sockets.control) };
  const exchanges = createExchanges();
  let other: Listener = () => undefined;
  let heard = false;
  let closed = false;

  listen(sockets.shell, sign, exchanges.replied);
  listen(sockets.control, sign, exchanges.replied);
  listen(sockets.iopub, sign, message => {
    heard = true;
    exchanges.published(message, other);
  });
  const send = (channel: keyof typeof out, type: string, content: Json, listener?: Listener): Exchange => {
    const head = header(type, session, 'runner');
    const message = { identities: [], header: head, parent_header: {}, metadata: {}, content, buffers: [] };
    const exchange = exchanges.open(head.msg_id, listener);
    if (!closed) out[channel].send(encode(message, sign)).catch(() => undefined);
    return exchange;
  };

  return {
    request: (type, content, listener) => send('shell', type, content, listener),
    control: (type, content) => send('control', type, content).reply,
    onOther: listener => {
      other = listener;
    },
    ready: timeoutMs =>
      greet(
        () => send('shell', 'kernel_info_request', {}).reply,
        () => heard,
        () => closed,
        timeoutMs,
      ),
    close() {
      closed = true;
      for (const socket of Object.values(sockets)) socket.close();
    },
  };
};
