import { marker } from '../protocol.js';
import type { Cells } from './cells.js';
import { type Channel, writeAll } from './channel.js';

/** process.stdout and process.stderr → stream messages, in one order with everything else that a cell sends. */
export const captureOutput = (channel: Channel, cells: Cells): void => {
  for (const name of ['stdout', 'stderr'] as const) {
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      if (text !== '') channel.send({ type: 'stream', cell: cells.current(), name, text });
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(callback as () => void);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
};

/**
 * Native code and child processes write to the descriptors themselves. A marker behind their output lets the
 * kernel know when it has read all of it.
 */
export const createMarkers = (nonce: string): (() => number) => {
  let count = 0;
  return () => {
    count++;
    for (const fd of [1, 2]) {
      try {
        writeAll(fd, Buffer.from(marker(nonce, count)));
      } catch {
        // The cell has closed it; the kernel sees the end of the pipe instead.
      }
    }
    return count;
  };
};
