import { randomUUID } from 'node:crypto';
import type { Sockets } from './sockets.js';
import { header, type Json, type Message } from './wire.js';

/** What the kernel says on its channels, each time in the name of the message that it answers. */
export interface Session {
  readonly id: string;
  publish(type: string, content: Json, parent?: Message, extra?: Extra): Promise<void>;
  reply(channel: 'shell' | 'control', parent: Message, content: Json, metadata?: Json): Promise<void>;
  /** A request of the kernel to the client behind `parent`. */
  ask(type: string, content: Json, parent: Message): Promise<void>;
}

export interface Extra {
  readonly metadata?: Json;
  readonly buffers?: readonly Uint8Array[];
  readonly topic?: Buffer;
}

export const createSession = (sockets: () => Sockets): Session => {
  const id = randomUUID();
  const message = (
    type: string,
    content: Json,
    parent: Message | undefined,
    identities: readonly Buffer[],
  ): Message => ({
    identities,
    header: header(type, id, parent?.header.username),
    parent_header: parent?.header ?? {},
    metadata: {},
    content,
    buffers: [],
  });
  return {
    id,
    publish(type, content, parent, { metadata = {}, buffers = [], topic } = {}) {
      const identities = [topic ?? Buffer.from(`kernel.${id}.${type}`)];
      return sockets().send('iopub', {
        ...message(type, content, parent, identities),
        metadata,
        buffers: buffers.map(bytes => Buffer.from(bytes)),
      });
    },
    reply(channel, parent, content, metadata = {}) {
      const type = parent.header.msg_type.replace(/request$/, 'reply');
      return sockets().send(channel, { ...message(type, content, parent, parent.identities), metadata });
    },
    ask: (type, content, parent) => sockets().send('stdin', message(type, content, parent, parent.identities)),
  };
};
