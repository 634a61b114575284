import { Router, XPublisher } from 'zeromq';
import { address, type Channel, type ConnectionInfo, curveServer } from './connection.js';
import { KEEP_SENT, type Outbox, outbox, UNBOUNDED } from './outbox.js';
import { withoutReplays } from './replays.js';
import { decode, encode, type Message, type Signer, signer } from './wire.js';

/** The kernel's five sockets. Frames that do not decode are dropped, with a note on the kernel's own stderr. */
export interface Sockets {
  send(channel: 'shell' | 'control' | 'stdin' | 'iopub', message: Message): Promise<void>;
  close(): Promise<void>;
}

export interface Receiver {
  message(channel: 'shell' | 'control' | 'stdin', message: Message): void;
  /** A client has begun to listen to iopub. */
  subscribed(topic: Buffer): void;
}

const LINGER_MS = 500;

export const bindSockets = async (info: ConnectionInfo, receiver: Receiver): Promise<Sockets> => {
  const common = { linger: LINGER_MS, ...curveServer(info) };
  // A client that comes back is known by the same identity, and its old connection may not have ended yet.
  const options = { ...UNBOUNDED, ...common, handover: true };
  const signing = withoutReplays(signer(info.key, info.signature_scheme));
  const shell = new Router(options);
  const control = new Router(options);
  const stdin = new Router(options);
  // XPUB tells of subscriptions, which PUB keeps to itself: JEP 65's welcome needs them.
  const iopub = new XPublisher({ ...KEEP_SENT, ...common });
  // Not REP, which expects its frames in an order of its own and fails at any other.
  const hb = new Router(common);
  const all = { shell, control, stdin, iopub, hb } as const;
  for (const channel of Object.keys(all) as Channel[]) await all[channel].bind(address(info, channel));

  const outboxes: Record<'shell' | 'control' | 'stdin' | 'iopub', Outbox> = {
    shell: outbox(shell),
    control: outbox(control),
    stdin: outbox(stdin),
    iopub: outbox(iopub),
  };
  for (const channel of ['shell', 'control', 'stdin'] as const) {
    void receive(all[channel], signing, message => receiver.message(channel, message));
  }
  void subscriptions(iopub, receiver);
  void echo(hb);
  return {
    send: (channel, message) => outboxes[channel].send(encode(message, signing)),
    async close() {
      await Promise.all(Object.values(outboxes).map(each => each.drained()));
      for (const socket of Object.values(all)) socket.close();
    },
  };
};

const receive = async (socket: Router, signing: Signer, handle: (message: Message) => void): Promise<void> => {
  for await (const frames of socket) {
    try {
      handle(decode(frames, signing));
    } catch (error) {
      process.stderr.write(`tsnb: message dropped: ${error instanceof Error ? error.message : error}\n`);
    }
  }
};

const subscriptions = async (iopub: XPublisher, receiver: Receiver): Promise<void> => {
  for await (const [frame] of iopub) {
    if (frame?.[0] === 1) receiver.subscribed(frame.subarray(1));
  }
};

const echo = async (hb: Router): Promise<void> => {
  const replies = outbox(hb);
  for await (const frames of hb) void replies.send(frames).catch(() => undefined);
};
