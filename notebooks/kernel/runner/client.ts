import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Dealer, Subscriber } from 'zeromq';
import { address, type ConnectionInfo, curveClient } from '../connection.js';
import { outbox, UNBOUNDED } from '../outbox.js';
import { decode, encode, header, type Json, type Message, signer } from '../wire.js';

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

const listen = (
  socket: Dealer | Subscriber,
  verify: ReturnType<typeof signer>,
  on: (message: Message) => void,
) => {
  const loop = async () => {
    for await (const frames of socket) {
      on(decode(frames, verify));
    }
  };
  // A closed socket ends its loop; a message with a bad signature is none of ours.
  loop().catch(() => undefined);
};

/** Connects to a kernel. Nothing is sent before the first request. */
export const connect = (info: ConnectionInfo): Client => {
  const session = randomUUID();
  const sign = signer(info.key, info.signature_scheme);
  const routing = { ...curveClient(info), linger: 0 };
  const shell = new Dealer({ ...routing, ...UNBOUNDED, routingId: session });
  const control = new Dealer({ ...routing, ...UNBOUNDED, routingId: session });
  const iopub = new Subscriber({ ...routing, receiveHighWaterMark: UNBOUNDED.receiveHighWaterMark });
  shell.connect(address(info, 'shell'));
  control.connect(address(info, 'control'));
  iopub.connect(address(info, 'iopub'));
  iopub.subscribe();
  const out = { shell: outbox(shell), control: outbox(control) };
  const waiting = new Map<string, Waiting>();
  let other: Listener = () => undefined;
  let heard = false;
  let closed = false;

  const replied = (message: Message) =>
    waiting.get(message.parent_header.msg_id ?? '')?.reply(message.content);
  const published = ({ header: { msg_type }, parent_header, content }: Message) => {
    heard = true;
    const request = waiting.get(parent_header.msg_id ?? '');
    (request?.listener ?? other)(msg_type, content);
    if (msg_type === 'status' && content.execution_state === 'idle') request?.idle();
  };
  listen(shell, sign, replied);
  listen(control, sign, replied);
  listen(iopub, sign, published);

  const send = (channel: 'shell' | 'control', type: string, content: Json, listener?: Listener): Exchange => {
    const head = header(type, session, 'runner');
    let reply: (content: Json) => void = () => undefined;
    let idle: () => void = () => undefined;
    const replyPromise = new Promise<Json>(resolve => {
      reply = resolve;
    });
    const idlePromise = new Promise<void>(resolve => {
      idle = resolve;
    });
    waiting.set(head.msg_id, { reply, idle, listener });
    const message = { identities: [], header: head, parent_header: {}, metadata: {}, content, buffers: [] };
    out[channel].send(encode(message, sign)).catch(() => undefined);
    return { id: head.msg_id, reply: replyPromise, idle: idlePromise };
  };

  return {
    request: (type, content, listener) => send('shell', type, content, listener),
    control: (type, content) => send('control', type, content).reply,
    onOther: listener => {
      other = listener;
    },
    async ready(timeoutMs) {
      const end = Date.now() + timeoutMs;
      let info: Json | undefined;
      // iopub is a subscription that takes effect some time after it was asked for: ask again until it is heard.
      while (Date.now() < end && !closed) {
        const { reply } = send('shell', 'kernel_info_request', {});
        const pause = sleep(info === undefined ? 1000 : 100);
        info = (await Promise.race([reply, pause.then(() => undefined)])) ?? info;
        await sleep(info !== undefined && !heard ? 50 : 0);
        if (info !== undefined && heard) return info;
      }
      throw new Error(
        info === undefined
          ? `the kernel did not answer kernel_info within ${timeoutMs / 1000} s`
          : `the kernel answers, but nothing was heard on iopub within ${timeoutMs / 1000} s`,
      );
    },
    close() {
      closed = true;
      for (const socket of [shell, control, iopub]) socket.close();
    },
  };
};
