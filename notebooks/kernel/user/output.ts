import type { Channel } from '../link/channel.js';
import type { Cells } from './cells.js';

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
