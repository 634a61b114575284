import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { parse, stringify } from './primordials.js';
import { COMMAND_FD, type Command, REPORT_FD, type Report } from './protocol.js';

/**
 * Messages between the kernel and the process that runs the cells: a JSON object and binary buffers, each frame
 *   8 bytes that begin every frame, u32 length of the JSON, u32 length of the binary part, JSON, binary
 * Frames are written whole, so that what somebody else writes to the descriptor is between two of them.
 */
export interface Frame {
  readonly body: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}

const { alloc, concat, from } = Buffer;

const BEGIN = from([0xff, 0x74, 0x73, 0x6e, 0x62, 0x00, 0xfe, 0x0a]);
const HEAD = BEGIN.length + 8;

export const encodeFrame = (body: object, buffers: readonly Uint8Array[] = []): Buffer => {
  const sizes = buffers.map(({ byteLength }) => byteLength);
  const json = from(stringify(sizes.length > 0 ? { ...body, $sizes: sizes } : body));
  const lengths = alloc(8);
  lengths.writeUInt32LE(json.length, 0);
  lengths.writeUInt32LE(
    sizes.reduce((sum, size) => sum + size, 0),
    4,
  );
  return concat([BEGIN, lengths, json, ...buffers]);
};

/**
 * Feed it chunks as they arrive; it calls back with every complete frame. Chunks are joined once for the head of a
 * frame and once for the whole: a frame of many chunks would otherwise be copied with each.
 *
 * @param stray receives what is no frame.
 */
export const frameReader = (receive: (frame: Frame) => void, stray: (bytes: Buffer) => void = () => undefined) => {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = HEAD;
  return (chunk: Buffer): void => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    let bytes = chunks.length > 1 ? concat(chunks) : chunk;
    for (wanted = HEAD; bytes.length > 0; wanted = HEAD) {
      const others = strayLength(bytes);
      if (others > 0) stray(bytes.subarray(0, others));
      bytes = bytes.subarray(others);
      if (bytes.length < wanted) break;
      const json = bytes.readUInt32LE(BEGIN.length);
      wanted = HEAD + json + bytes.readUInt32LE(BEGIN.length + 4);
      if (bytes.length < wanted) break;
      const frame = bytes.subarray(0, wanted);
      bytes = bytes.subarray(wanted);
      receive(decodeFrame(frame.subarray(HEAD, HEAD + json), frame.subarray(HEAD + json)));
    }
    chunks = [bytes];
    size = bytes.length;
  };
};

/** How many bytes come before the next frame, or before what may become its beginning. */
const strayLength = (bytes: Buffer): number => {
  if (BEGIN.equals(bytes.subarray(0, BEGIN.length))) return 0;
  const begin = bytes.indexOf(BEGIN);
  if (begin > 0) return begin;
  for (let at = Math.max(0, bytes.length - BEGIN.length + 1); at < bytes.length; at++) {
    if (BEGIN.indexOf(bytes.subarray(at)) === 0) return at;
  }
  return bytes.length;
};

const decodeFrame = (json: Buffer, binary: Buffer): Frame => {
  const { $sizes: sizes, ...body } = parse(json.toString('utf8')) as Record<string, unknown>;
  const buffers: Buffer[] = [];
  let at = 0;
  for (const size of (sizes as number[] | undefined) ?? []) {
    buffers.push(binary.subarray(at, at + size));
    at += size;
  }
  return { body, buffers };
};

/** The user process's line to the kernel. */
export interface Channel {
  /** Returns once the kernel's pipe holds it: nothing is lost when the process dies on the next line. */
  send(report: Report, buffers?: readonly Uint8Array[]): void;
}

export const openChannel = (): Channel => ({
  send: (report, buffers = []) => writeAll(REPORT_FD, encodeFrame(report, buffers)),
});

/** Ends the user process, at once, and what it has started. */
export const endGroup = (): void => {
  process.kill(process.platform === 'win32' ? process.pid : -process.pid, 'SIGKILL');
};

/**
 * Reads commands until the kernel closes its end; a kernel that has died takes this process and its children along.
 * @param uncut makes of the reader one that runs to its end.
 */
export const listen = (
  receive: (command: Command, buffers: readonly Uint8Array[]) => void,
  uncut: (read: (chunk: Buffer) => void) => (chunk: Buffer) => void,
): void => {
  const socket = new Socket({ fd: COMMAND_FD, readable: true, writable: false });
  socket.on('data', uncut(frameReader(({ body, buffers }) => receive(body as unknown as Command, buffers))));
  const leave = () => {
    process.once('exit', endGroup);
    process.exit(0);
  };
  socket.on('close', leave);
  socket.on('error', leave);
};

const pause = new Int32Array(new SharedArrayBuffer(4));

/** A full pipe answers EAGAIN where it does not block: wait for the kernel to read. */
const writeAll = (fd: number, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if ((error as { code?: string }).code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
};
