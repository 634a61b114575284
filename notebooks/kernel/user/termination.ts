import { Worker } from 'node:worker_threads';
import { now } from '../link/primordials.js';
import { CALM, POSTED, TERMINATING, WANTED } from './signals.js';

/**
 * The thread that interrupts this one (see interrupter.ts), and what only it can do: have V8 end a script. V8 ends
 * whatever runs when it is told, and where nothing runs the next thing that does; so this thread asks for it from
 * within the script, and does not leave before V8 has been told.
 */
export interface Interrupter {
  readonly worker: Worker;
  /** Ends the code that calls this. */
  terminate(): void;
  /** Ends the code that an expression of the inspector has interrupted, from within that expression. */
  terminateInterrupted(): void;
}

/** A thread that does not answer for so long is lost. */
const LONGEST_MS = 10_000;

export const startInterrupter = (script: URL, shared: Int32Array): Interrupter => {
  const worker = new Worker(script, { workerData: shared.buffer });
  worker.unref();
  /** False where nobody has told V8, and nobody will. */
  const tell = (): boolean => {
    if (Atomics.compareExchange(shared, TERMINATING, CALM, WANTED) === CALM) worker.postMessage('terminate');
    for (;;) {
      const state = Atomics.load(shared, TERMINATING);
      if (state === POSTED || state === CALM) break;
      if (Atomics.wait(shared, TERMINATING, state, LONGEST_MS) !== 'timed-out') continue;
      if (Atomics.compareExchange(shared, TERMINATING, WANTED, CALM) === WANTED) return false;
    }
    return true;
  };
  return {
    worker,
    terminate() {
      if (!tell()) return;
      const until = now() + LONGEST_MS;
      while (now() < until);
    },
    terminateInterrupted: () => void tell(),
  };
};
