import { Dealer, Request, Subscriber } from 'zeromq';
import { address, type ConnectionInfo, curveClient } from '../../../notebooks/kernel/jupyter/connection.js';
import { KEEP_RECEIVED, outbox, UNBOUNDED } from '../../../notebooks/kernel/jupyter/outbox.js';
import { decode, encode, header, type Json, type Message, signer } from '../../../notebooks/kernel/jupyter/wire.js';
import { type Answer, answer } from './answer.js';

/** A small Jupyter client, to see a kernel as Jupyter does. */
export interface Connection {
  readonly info: ConnectionInfo;
  /** Sends a request and resolves with everything that answers it, up to `idle` and the reply. */
  request(type: string, content: Json, options?: RequestOptions): Promise<Answer>;
  execute(code: string, options?: Json & RequestOptions): Promise<Answer>;
  /** Sends without waiting. */
  send(channel: 'shell' | 'control' | 'stdin', type: string, content: Json): Promise<Message>;
  /** Frames as they are, for malformed ones. */
  raw(channel: 'shell' | 'control' | 'stdin', frames: Buffer[]): Promise<void>;
  /** All iopub messages so far. */
  readonly iopub: readonly Message[];
  /** All replies so far. */
  readonly replies: readonly Message[];
  beat(): Promise<void>;
  /** When the first reply came, on the clock of `performance.now()`. */
  firstReply(): number;
  disconnect(): void;
}

export interface RequestOptions {
  readonly metadata?: Json;
  readonly channel?: 'shell' | 'control';
  readonly onInput?: (prompt: string, password: unknown) => string;
}

interface Pending {
  reply?: Message;
  idle: boolean;
  readonly messages: Message[];
  readonly resolve: (answer: Answer) => void;
  readonly onInput: RequestOptions['onInput'] | undefined;
}

export const connect = async (info: ConnectionInfo, log: () => string = () => ''): Promise<Connection> => {
  // zeromq tries again every 100 ms by default, which would hide how soon a kernel is there.
  const common = { linger: 0, reconnectInterval: 5, ...curveClient(info) };
  const options = { ...UNBOUNDED, ...common };
  const signing = signer(info.key, info.signature_scheme);
  const session = `test-${process.hrtime.bigint()}`;
  const routed = { ...options, routingId: session };
  const shell = new Dealer(routed);
  const control = new Dealer(routed);
  const stdin = new Dealer(routed);
  const iopub = new Subscriber({ ...KEEP_RECEIVED, ...common });
  const hb = new Request(common);
  shell.connect(address(info, 'shell'));
  control.connect(address(info, 'control'));
  stdin.connect(address(info, 'stdin'));
  hb.connect(address(info, 'hb'));
  iopub.connect(address(info, 'iopub'));
  const outboxes = { shell: outbox(shell), control: outbox(control), stdin: outbox(stdin) };

  const pending = new Map<string, Pending>();
  const heard: Message[] = [];
  const replies: Message[] = [];
  let welcome: () => void = () => undefined;
  const welcomed = new Promise<void>(resolve => {
    welcome = resolve;
  });
  const settle = (id: string, entry: Pending) => {
    if (!entry.reply || !entry.idle) return;
    pending.delete(id);
    entry.resolve(answer(entry.reply, entry.messages));
  };
  const listen = async (socket: AsyncIterable<Buffer[]>, handle: (message: Message) => void) => {
    try {
      for await (const frames of socket) handle(decode(frames, signing));
    } catch {
      // Closed.
    }
  };
  let firstReply = 0;
  const onReply = (message: Message) => {
    firstReply ||= performance.now();
    replies.push(message);
    const id = String(message.parent_header.msg_id);
    const entry = pending.get(id);
    if (!entry) return;
    entry.reply = message;
    settle(id, entry);
  };
  void listen(shell, onReply);
  void listen(control, onReply);
  void listen(stdin, message => {
    const entry = pending.get(String(message.parent_header.msg_id));
    if (!entry?.onInput) return;
    const value = entry.onInput(String(message.content.prompt), message.content.password);
    void outboxes.stdin.send(encode({ ...blank('input_reply', { value }), parent_header: message.header }, signing));
  });
  void listen(iopub, message => {
    heard.push(message);
    welcome();
    const id = String(message.parent_header.msg_id ?? '');
    const entry = pending.get(id);
    if (!entry) return;
    entry.messages.push(message);
    if (message.header.msg_type === 'status' && message.content.execution_state === 'idle') entry.idle = true;
    settle(id, entry);
  });
  const blank = (type: string, content: Json): Message => ({
    identities: [],
    header: header(type, session, 'test'),
    parent_header: {},
    metadata: {},
    content,
    buffers: [],
  });
  const send = async (channel: 'shell' | 'control' | 'stdin', type: string, content: Json) => {
    const message = blank(type, content);
    await outboxes[channel].send(encode(message, signing));
    return message;
  };
  const request = (type: string, content: Json, { channel = 'shell', onInput, metadata = {} }: RequestOptions = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const message = { ...blank(type, content), metadata };
      pending.set(message.header.msg_id, { idle: false, messages: [], resolve, onInput });
      outboxes[channel].send(encode(message, signing)).catch(reject);
    });
  iopub.subscribe();
  // A kernel without iopub_welcome is asked until it is heard.
  const nudge = setInterval(() => void send('shell', 'kernel_info_request', {}), 250);
  void welcomed.then(() => clearInterval(nudge));
  void send('shell', 'kernel_info_request', {});
  await Promise.race([
    welcomed,
    new Promise((_, reject) => setTimeout(() => reject(new Error(`no kernel: ${log()}`)), 20_000).unref()),
  ]);
  // The questions asked so far are answered before this one: none overlaps the first cell, whose kernel would say busy again.
  await request('kernel_info_request', {});
  return {
    info,
    request,
    send,
    iopub: heard,
    replies,
    firstReply: () => firstReply,
    raw: (channel, frames) => outboxes[channel].send(frames),
    execute: (code, { onInput, channel, metadata, ...content } = {}) =>
      request(
        'execute_request',
        {
          code,
          silent: false,
          store_history: true,
          user_expressions: {},
          allow_stdin: true,
          stop_on_error: true,
          ...content,
        },
        { ...(onInput && { onInput }), ...(channel && { channel }), ...(metadata && { metadata }) },
      ),
    async beat() {
      await hb.send('ping');
      await hb.receive();
    },
    disconnect() {
      for (const socket of [shell, control, stdin, iopub, hb]) socket.close();
    },
  };
};
