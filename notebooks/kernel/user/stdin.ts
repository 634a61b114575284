import { Readable } from 'node:stream';

/** The error of a cell that reads process.stdin: nobody could ever write there. */
export class NoStdin extends Error {
  constructor() {
    super('process.stdin has nobody behind it: ask with `await input()`, or read from a file');
    this.name = 'NoStdin';
  }
}

const refusing = (): Readable => {
  const stream = new Readable({
    read() {
      this.destroy(new NoStdin());
    },
  });
  return Object.assign(stream, { fd: 0, isTTY: false, ref: () => stream, unref: () => stream });
};

/**
 * Puts a stream in place of process.stdin that fails as soon as somebody reads it. The empty one that the process has
 * would end, and who waits for a line of it would wait for ever. Each reader meets one that has not failed yet.
 */
export const refuseStdin = (): void => {
  let stream = refusing();
  const get = (): Readable => {
    if (stream.destroyed) stream = refusing();
    return stream;
  };
  Object.defineProperty(process, 'stdin', { get, configurable: true, enumerable: true });
};
