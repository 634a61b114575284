import { createHash, createHmac, randomUUID, timingSafeEqual } from 'node:crypto';

/**
 * The wire protocol of Jupyter messaging: a message is a list of frames
 *   identities…, <IDS|MSG>, signature, header, parent_header, metadata, content, buffers…
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
export const PROTOCOL_VERSION = '5.4';

export type Json = Record<string, unknown>;

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
}

export interface Message {
  /** Routing prefix: who sent it (ROUTER), the topic (PUB), or nothing. */
  readonly identities: readonly Buffer[];
  readonly header: Header;
  /** The header of the message that this one answers, or an empty object. */
  readonly parent_header: Header | Record<string, never>;
  readonly metadata: Json;
  readonly content: Json;
  readonly buffers: readonly Buffer[];
}

/** Signs the four JSON frames, and checks a signature in constant time. */
export interface Signer {
  sign(parts: readonly Buffer[]): string;
  verify(signature: Buffer, parts: readonly Buffer[]): boolean;
}

const DELIMITER = Buffer.from('<IDS|MSG>');
const JSON_PARTS = 4;

/**
 * @param key the `key` of the connection file; '' turns signing off, as the protocol says.
 * @param scheme `hmac-sha256` in practice; any `hmac-<hash>` that Node knows.
 */
export const signer = (key: string, scheme = 'hmac-sha256'): Signer => {
  if (key === '') return { sign: () => '', verify: () => true };
  const hash = scheme.replace(/^hmac-/, '');
  const sign = (parts: readonly Buffer[]) => {
    const mac = createHmac(hash, key);
    for (const part of parts) mac.update(part);
    return mac.digest('hex');
  };
  // Both sides are hashed first: timingSafeEqual needs equal lengths, and the length must not be a way out.
  const digest = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();
  return { sign, verify: (signature, parts) => timingSafeEqual(digest(signature), digest(sign(parts))) };
};

/** A fresh header. `session` names the sender's session, not the receiver's. */
export const header = (msg_type: string, session: string, username = 'kernel'): Header => ({
  msg_id: randomUUID(),
  session,
  username,
  date: new Date().toISOString(),
  msg_type,
  version: PROTOCOL_VERSION,
});

/** Message → frames, ready for a zeromq socket. */
export const encode = (message: Message, { sign }: Signer): Buffer[] => {
  const { identities, parent_header, metadata, content, buffers } = message;
  const parts = [message.header, parent_header, metadata, content].map(part =>
    Buffer.from(wellFormed(JSON.stringify(part))),
  );
  return [...identities, DELIMITER, Buffer.from(sign(parts)), ...parts, ...buffers];
};

/** Frames → message. Throws an Error that says what is wrong; nothing is parsed before the signature holds. */
export const decode = (frames: readonly Buffer[], { verify }: Signer): Message => {
  const delimiter = frames.findIndex(frame => frame.equals(DELIMITER));
  if (delimiter < 0) throw new Error(`no <IDS|MSG> delimiter in ${frames.length} frames`);
  const signature = frames[delimiter + 1];
  const parts = frames.slice(delimiter + 2, delimiter + 2 + JSON_PARTS);
  if (signature === undefined || parts.length < JSON_PARTS) {
    throw new Error(`${frames.length - delimiter - 1} frames after the delimiter; a message has at least 5`);
  }
  if (!verify(signature, parts)) throw new Error('the signature does not match: another key, or a changed message');
  const [head, parent, metadata, content] = parts.map(parseObject);
  return {
    identities: frames.slice(0, delimiter),
    header: asHeader(head!),
    parent_header: parent as unknown as Header | Record<string, never>,
    metadata: metadata!,
    content: content!,
    buffers: frames.slice(delimiter + 2 + JSON_PARTS),
  };
};

/**
 * JSON can name half of a surrogate pair (`\ud83d`), which is no character: neither TypeScript's checker nor Python,
 * which saves the notebook, can take one. Both ways it becomes U+FFFD, as in any text that is encoded.
 */
const wellFormed = (json: string): string =>
  HALF.test(json) ? json.replaceAll(ESCAPES, (escaped, half) => (half ? '\ufffd' : escaped)) : json;

const HALF = /\\ud[89a-f]/i;
/** Every escape in turn, so that the second backslash of `\\ud83d` begins none; a whole pair is one. */
const ESCAPES = /\\(?:ud[89ab][\da-f]{2}\\ud[c-f][\da-f]{2}|u(d[89a-f][\da-f]{2})|.)/gis;

const parseObject = (bytes: Buffer): Json => {
  const value: unknown = JSON.parse(wellFormed(bytes.toString('utf8')));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Error(`a frame holds ${JSON.stringify(value).slice(0, 40)}; the protocol wants a JSON object`);
  }
  return value as Json;
};

const asHeader = (value: Json): Header => {
  const { msg_id, msg_type, session, username, date, version } = value;
  if (typeof msg_id !== 'string' || typeof msg_type !== 'string') {
    throw new Error(`header without msg_id or msg_type: ${JSON.stringify(value).slice(0, 80)}`);
  }
  const text = (field: unknown) => (typeof field === 'string' ? field : '');
  // Unknown fields of the header (subshell_id, …) are carried along: a reply must echo its parent whole.
  return {
    ...value,
    msg_id,
    msg_type,
    session: text(session),
    username: text(username),
    date: text(date),
    version: text(version),
  };
};
