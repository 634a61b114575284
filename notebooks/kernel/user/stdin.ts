import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers';
import { react } from '../link/primordials.js';

export interface StdinParts {
  ask(): Promise<string>;
  /** Whether the request of the running cell allows questions. */
  allowsInput(): boolean;
  /** Ends what waits for an answer that nobody will give. */
  fail(error: Error): void;
}

export const NOBODY = 'asks somebody, but this run has nobody to ask (allow_stdin is false)';

/**
 * process.stdin for libraries that read it, such as readline: the person at the notebook is asked for a line whenever
 * one is wanted. A stream whose question was refused wants that line for ever: the next reader gets another.
 */
export const serveStdin = ({ ask, allowsInput, fail }: StdinParts): void => {
  let current: Readable | undefined;
  const open = (): Readable => {
    let wanted = false;
    const end = (error: unknown) => {
      if (current === stream) current = undefined;
      if (!allowsInput()) fail(error as Error);
    };
    const give = (line: string) => {
      wanted = false;
      stream.push(`${line}\n`);
    };
    let asking = false;
    // Streams want the next line as soon as they have one: whoever has heard enough says so in the same turn.
    const later = () =>
      setImmediate(() => {
        const paused = stream.readableFlowing === false && stream.listenerCount('readable') === 0;
        if (!wanted || asking || paused) return;
        if (!allowsInput()) return end(new Error(`process.stdin ${NOBODY}`));
        asking = true;
        const over = () => {
          asking = false;
        };
        const answer = ask();
        void react(answer, over, over);
        void react(answer, give, end);
      });
    const stream = new Readable({
      read() {
        wanted = true;
        later();
      },
    });
    stream.on('resume', later);
    return Object.assign(stream, { fd: 0, isTTY: false });
  };
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get() {
      current ??= open();
      return current;
    },
  });
};
