import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Dealer, Request, Subscriber } from 'zeromq';
import {
  address,
  type ConnectionInfo,
  connectionInfo,
  curveClient,
  writeConnection,
} from '../../../notebooks/kernel/connection.js';
import { KEEP_RECEIVED, outbox, UNBOUNDED } from '../../../notebooks/kernel/outbox.js';
import { decode, encode, header, type Json, type Message, signer } from '../../../notebooks/kernel/wire.js';

/** A small Jupyter client, to see a kernel as Jupyter does. */
export interface Client {
  readonly info: ConnectionInfo;
  readonly pid: number;
  /** Sends a request and resolves with everything that answers it, up to `idle` and the reply. */
  request(type: string, content: Json, options?: RequestOptions): Promise<Answer>;
  execute(code: string, options?: Json & RequestOptions): Promise<Answer>;
  /** Sends without waiting. */
  send(channel: 'shell' | 'control' | 'stdin', type: string, content: Json): Promise<Message>;
  /** Frames as they are, for malformed ones. */
  raw(channel: 'shell' | 'control' | 'stdin', frames: Buffer[]): Promise<void>;
  /** All iopub messages so far. */
  readonly iopub: readonly Message[];
  /** What the kernel process itself wrote to its stderr. */
  log(): string;
  beat(): Promise<void>;
  /** When the first reply came, on the clock of `performance.now()`. */
  firstReply(): number;
  /** When the process was started, on the same clock. */
  readonly started: number;
  /** Resolves with the exit code when the kernel has ended. */
  readonly exit: Promise<number | null>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly channel?: 'shell' | 'control';
  readonly onInput?: (prompt: string) => string;
}

export interface Answer {
  readonly reply: Message;
  /** iopub messages of this request, in order, from busy to idle. */
  readonly messages: readonly Message[];
  readonly types: readonly string[];
  stream(name: 'stdout' | 'stderr'): string;
  /** The text/plain of the execute_result. */
  readonly result: string | undefined;
}

interface Pending {
  reply?: Message;
  idle: boolean;
  readonly messages: Message[];
  readonly resolve: (answer: Answer) => void;
  readonly onInput: ((prompt: string) => string) | undefined;
}

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
export const LAUNCHER = join(ROOT, 'notebooks/kernel/bin/tsnb.mjs');

export interface StartOptions {
  readonly cwd?: string;
  readonly curve?: boolean;
  readonly env?: Record<string, string>;
  /** Another kernel's command, for comparison: {file} stands for the connection file. */
  readonly command?: readonly string[];
  readonly info?: ConnectionInfo;
}

export const startKernel = async (options: StartOptions = {}): Promise<Client> => {
  const info = options.info ?? (await connectionInfo(options.curve ? { curve: true } : {}));
  const directory = mkdtempSync(join(tmpdir(), 'tsnb-test-'));
  const file = join(directory, 'connection.json');
  writeConnection(file, info);
  const template = options.command ?? [process.execPath, LAUNCHER, 'kernel', '--connection-file', '{file}'];
  const [command, ...args] = template.map(each => each.replace('{file}', file));
  const started = performance.now();
  const child = spawn(command!, args, {
    cwd: options.cwd ?? ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, TSNB_HISTORY: join(directory, 'history.jsonl'), ...options.env },
  });
  let log = '';
  child.stderr.on('data', chunk => {
    log += String(chunk);
  });
  const exit = new Promise<number | null>(resolve => child.once('exit', resolve));
  const client = await connect(info, () => log);
  return {
    ...client,
    pid: child.pid!,
    started,
    exit,
    log: () => log,
    async close() {
      if (child.exitCode === null && child.signalCode === null) {
        void client.send('control', 'shutdown_request', { restart: false });
        const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
        await exit;
        clearTimeout(timer);
      }
      client.disconnect();
      rmSync(directory, { recursive: true, force: true });
    },
  };
};

type Connected = Omit<Client, 'pid' | 'exit' | 'close' | 'log' | 'started'> & { disconnect(): void };

export const connect = async (info: ConnectionInfo, log: () => string = () => ''): Promise<Connected> => {
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
    const value = entry.onInput(String(message.content.prompt));
    void outboxes.stdin.send(
      encode({ ...blank('input_reply', { value }), parent_header: message.header }, signing),
    );
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
  const request = (type: string, content: Json, { channel = 'shell', onInput }: RequestOptions = {}) =>
    new Promise<Answer>((resolve, reject) => {
      const message = blank(type, content);
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
    firstReply: () => firstReply,
    raw: (channel, frames) => outboxes[channel].send(frames),
    execute: (code, { onInput, channel, ...content } = {}) =>
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
        { ...(onInput ? { onInput } : {}), ...(channel ? { channel } : {}) },
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

const answer = (reply: Message, messages: readonly Message[]): Answer => {
  const result = messages.find(({ header: { msg_type } }) => msg_type === 'execute_result');
  return {
    reply,
    messages,
    types: messages.map(({ header: { msg_type } }) => msg_type),
    stream: name =>
      messages
        .filter(({ header: { msg_type }, content }) => msg_type === 'stream' && content.name === name)
        .map(({ content }) => content.text)
        .join(''),
    result: (result?.content.data as Record<string, string> | undefined)?.['text/plain'],
  };
};
