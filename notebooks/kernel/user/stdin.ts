import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers';
import { react } from '../link/primordials.js';

export const NOBODY = 'asks somebody, but this run has nobody to ask (allow_stdin is false)';

/** The error of a cell that reads process.stdin where nobody could ever write. */
export class NoStdin extends Error {
  constructor() {
    super(`process.stdin ${NOBODY}: read from a file, or take what it should say from the cell`);
    this.name = 'NoStdin';
  }
}

/**
 * Puts a stream in place of process.stdin by which libraries that read it, such as readline, ask the person at the
 * notebook for a line whenever they want one; it fails where nobody can be asked. The empty one that the process has
 * would end, and who waits for a line of it would wait for ever. Each reader meets one that has not failed yet.
 */
export const serveStdin = (ask: () => Promise<string>, allowsInput: () => boolean): void => {
  let stream = asking(ask, allowsInput);
  const get = (): Readable => {
    if (stream.destroyed) stream = asking(ask, allowsInput);
    return stream;
  };
  Object.defineProperty(process, 'stdin', { get, configurable: true, enumerable: true });
};

const asking = (ask: () => Promise<string>, allowsInput: () => boolean): Readable => {
  let wanted = false;
  let asked = false;
  const give = (line: string) => {
    wanted = false;
    asked = false;
    stream.push(`${line}\n`);
  };
  // Streams want the next line as soon as they have one: whoever has heard enough says so in the same turn.
  const later = () =>
    setImmediate(() => {
      const paused = stream.readableFlowing === false && stream.listenerCount('readable') === 0;
      if (!wanted || asked || paused) return;
      asked = true;
      // A question that is refused, because its cell was interrupted, is refused to this reader alone.
      void react(ask(), give, () => stream.destroy());
    });
  const stream = new Readable({
    read() {
      wanted = true;
      if (allowsInput()) later();
      else stream.destroy(new NoStdin());
    },
  });
  stream.on('resume', later);
  return Object.assign(stream, { fd: 0, isTTY: false, ref: () => stream, unref: () => stream });
};
