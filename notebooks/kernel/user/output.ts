import { StringDecoder } from 'node:string_decoder';
import { setImmediate } from 'node:timers';
import type { Channel } from '../link/channel.js';
import { createFlood } from './flood.js';

const NAMES = ['stdout', 'stderr'] as const;

/**
 * process.stdout and process.stderr → stream messages, in one order with everything else that a cell sends.
 * @param speaker the cell that writes.
 * @returns the channel for everything else.
 */
export const captureOutput = (channel: Channel, speaker: () => number): Channel => {
  const flood = createFlood(channel, setImmediate);
  for (const name of NAMES) {
    const text = textOf();
    const write = (chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
      const cell = speaker();
      for (const part of text(chunk, encoding, cell)) flood.write(name, part.text, part.cell);
      const callback = typeof encoding === 'function' ? encoding : done;
      if (typeof callback === 'function') process.nextTick(callback as () => void);
      return true;
    };
    process[name].write = write as typeof process.stdout.write;
  }
  process.once('exit', flood.flush);
  return {
    send(report, buffers) {
      flood.flush();
      channel.send(report, buffers);
    },
  };
};

interface Part {
  readonly text: string;
  readonly cell: number;
}

/** A character may come in two chunks: its first bytes wait for the others, but for no cell after theirs. */
const textOf = () => {
  const decoder = new StringDecoder('utf8');
  let from = 0;
  return (chunk: string | Uint8Array, encoding: unknown, cell: number): Part[] => {
    const ends = typeof chunk === 'string' || cell !== from;
    const left = { text: ends ? decoder.end() : '', cell: from };
    from = cell;
    const encoded = typeof chunk === 'string' && typeof encoding === 'string' && !/^utf-?8$/i.test(encoding);
    const bytes = encoded ? Buffer.from(chunk, encoding as BufferEncoding) : chunk;
    const text = typeof bytes === 'string' ? bytes : decoder.write(bytes as Buffer);
    return [left, { text, cell }].filter(part => part.text !== '');
  };
};
