import { writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { encodeFrame, frameReader } from '../link/channel.js';
import { COMMAND_FD, type Command, REPORT_FD, type Report } from '../link/protocol.js';

/** The user process's line to the kernel. */
export interface Channel {
  /** Returns once the kernel's pipe holds it: nothing is lost when the process dies on the next line. */
  send(report: Report, buffers?: readonly Uint8Array[]): void;
}

export const openChannel = (): Channel => ({
  send: (report, buffers = []) => writeAll(REPORT_FD, encodeFrame(report, buffers)),
});

/** Reads commands until the kernel closes its end; a kernel that has died takes this process along. */
export const listen = (receive: (command: Command, buffers: readonly Uint8Array[]) => void): void => {
  const socket = new Socket({ fd: COMMAND_FD, readable: true, writable: false });
  socket.on(
    'data',
    frameReader(({ body, buffers }) => receive(body as unknown as Command, buffers)),
  );
  socket.on('close', () => process.exit(0));
  socket.on('error', () => process.exit(0));
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
