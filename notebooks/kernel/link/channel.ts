import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { COMMAND_FD, type Command, REPORT_FD, type Report } from './protocol.js';

/**
 * Messages between the kernel and the process that runs the cells: a JSON object and binary buffers, each frame
 *   u32 length of the JSON, u32 length of the binary part, JSON, binary
 */
export interface Frame {
  readonly body: Record<string, unknown>;
  readonly buffers: readonly Uint8Array[];
}

const HEAD = 8;

export const encodeFrame = (body: object, buffers: readonly Uint8Array[] = []): Buffer => {
  const sizes = buffers.map(({ byteLength }) => byteLength);
  const json = Buffer.from(JSON.stringify(sizes.length > 0 ? { ...body, $sizes: sizes } : body));
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(json.length, 0);
  head.writeUInt32LE(
    sizes.reduce((sum, size) => sum + size, 0),
    4,
  );
  return Buffer.concat([head, json, ...buffers]);
};

/**
 * Feed it chunks as they arrive; it calls back with every complete frame. Chunks are joined once for the head of a
 * frame and once for the whole: a frame of many chunks would otherwise be copied with each.
 */
export const frameReader = (receive: (frame: Frame) => void) => {
  let chunks: Buffer[] = [];
  let size = 0;
  let wanted = HEAD;
  return (chunk: Buffer): void => {
    chunks.push(chunk);
    size += chunk.length;
    if (size < wanted) return;
    let bytes = chunks.length > 1 ? Buffer.concat(chunks) : chunk;
    for (wanted = HEAD; bytes.length >= wanted; wanted = HEAD) {
      const json = bytes.readUInt32LE(0);
      wanted = HEAD + json + bytes.readUInt32LE(4);
      if (bytes.length < wanted) break;
      const frame = bytes.subarray(0, wanted);
      bytes = bytes.subarray(wanted);
      receive(decodeFrame(frame.subarray(HEAD, HEAD + json), frame.subarray(HEAD + json)));
    }
    chunks = [bytes];
    size = bytes.length;
  };
};

const decodeFrame = (json: Buffer, binary: Buffer): Frame => {
  const { $sizes: sizes, ...body } = JSON.parse(json.toString('utf8')) as Record<string, unknown>;
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

/** Reads commands until the kernel closes its end; a kernel that has died takes this process and its children along. */
export const listen = (receive: (command: Command, buffers: readonly Uint8Array[]) => void): void => {
  const socket = new Socket({ fd: COMMAND_FD, readable: true, writable: false });
  socket.on(
    'data',
    frameReader(({ body, buffers }) => receive(body as unknown as Command, buffers)),
  );
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
