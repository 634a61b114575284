/** What an outbox needs of a zeromq socket. */
export interface Sendable {
  send(frames: Buffer[]): Promise<void>;
}

export interface Outbox {
  /** Resolves once zeromq holds the message; messages leave in the order of the calls. */
  send(frames: Buffer[]): Promise<void>;
  /** Resolves when nothing is waiting. */
  drained(): Promise<void>;
}

/**
 * One send in flight per socket: zeromq 6 answers EBUSY to a second one, and the message is lost.
 * A failed send rejects for its caller and does not hold up those after it.
 */
export const outbox = (socket: Sendable): Outbox => {
  let last: Promise<void> = Promise.resolve();
  return {
    send(frames) {
      const sent = last.then(() => socket.send(frames));
      last = sent.catch(() => undefined);
      return sent;
    },
    drained: () => last,
  };
};

/**
 * Without a high-water mark zeromq keeps every message; with one, a PUB socket drops the surplus silently.
 * A socket refuses options of the direction that it lacks: SUB has no send, XPUB and PUB no receive mark.
 */
export const KEEP_SENT = { sendHighWaterMark: 0 } as const;
export const KEEP_RECEIVED = { receiveHighWaterMark: 0 } as const;
export const UNBOUNDED = { ...KEEP_SENT, ...KEEP_RECEIVED } as const;
