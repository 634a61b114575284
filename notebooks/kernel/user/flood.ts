import type { Channel } from '../link/channel.js';
import { now } from '../link/primordials.js';

/**
 * What a cell prints goes out line by line, so that all of it is there when the process dies on the next line. Of a
 * flood, a system call a line would take longer than the printing: after so many writes in one turn of the event loop,
 * those that follow are joined, for a few milliseconds.
 */
export interface Flood {
  write(name: 'stdout' | 'stderr', text: string, cell: number): void;
  /** Sends what is joined; call it before any other report, so that the order is kept. */
  flush(): void;
}

const CALM = 1000;
const JOINED_MS = 5;
const MOST = 1 << 16;

/** @param nextTurn calls back in the next turn of the event loop. */
export const createFlood = (channel: Channel, nextTurn: (then: () => void) => unknown): Flood => {
  let writes = 0;
  let held: { name: 'stdout' | 'stderr'; cell: number; text: string; since: number } | undefined;
  const flush = () => {
    if (!held) return;
    const { name, cell, text } = held;
    held = undefined;
    channel.send({ type: 'stream', cell, name, text });
  };
  const rest = () => {
    writes = 0;
    flush();
  };
  return {
    flush,
    write(name, text, cell) {
      if (writes++ === 0) nextTurn(rest);
      if (writes <= CALM) return channel.send({ type: 'stream', cell, name, text });
      if (held && (held.name !== name || held.cell !== cell)) flush();
      held ??= { name, cell, text: '', since: now() };
      held.text += text;
      if (held.text.length > MOST || now() - held.since > JOINED_MS) flush();
    },
  };
};
