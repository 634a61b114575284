/** Joins small writes into few stream messages: a printing loop would otherwise make one message a line. */
export interface Streams {
  write(name: 'stdout' | 'stderr', text: string, cell: number): void;
  /** Sends what is waiting; call it before any other message of a cell, so that the order is kept. */
  flush(): void;
}

/** The first words of a cell are shown soon, a flood in messages of this distance. */
const SOON_MS = 10;
const APART_MS = 100;
const MOST = 1 << 18;

export const createStreams = (publish: (name: string, text: string, cell: number) => void): Streams => {
  let parts: string[] = [];
  let length = 0;
  let name: 'stdout' | 'stderr' = 'stdout';
  let cell = 0;
  let flushed = 0;
  let timer: NodeJS.Timeout | undefined;
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (parts.length === 0) return;
    flushed = Date.now();
    const text = parts.join('');
    parts = [];
    length = 0;
    publish(name, text, cell);
  };
  return {
    write(to, text, from) {
      if (to !== name || from !== cell) flush();
      name = to;
      cell = from;
      parts.push(text);
      length += text.length;
      if (length > MOST) flush();
      else timer ??= setTimeout(flush, Math.max(SOON_MS, flushed + APART_MS - Date.now()));
    },
    flush,
  };
};
