import { promiseHooks } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** Interrupts, in the main thread of the user process. */
export interface Interrupts {
  /** Counts interrupts; an await that began before the latest one does not go on. */
  epoch(): number;
  /** Whether this cell is to stop: the word of it may still be on its way. */
  asked(cell: number): boolean;
  /** Calls back when the sweep after an interrupt is over: at once where there is none. */
  quiet(then: () => void): void;
}

/** From the thread that listens for interrupts: the cell to stop. */
export interface Interruption {
  readonly request: number;
  readonly cell: number;
}

/** What the two threads share: the latest interrupt that the main thread has seen, and the latest cell to stop. */
export const ANSWERED = 0;
export const ASKED = 1;

/** After an interrupt, for this long, whatever asynchronous code wakes up is ended. */
const SWEEP_MS = 300;

/** @param conclude reports the cell as interrupted; false where it does not run. */
export const createInterrupts = (script: URL, conclude: (cell: number) => boolean): Interrupts => {
  const shared = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const worker = new Worker(script, { workerData: shared.buffer });
  worker.unref();
  let epoch = 0;
  let sweeping: NodeJS.Timeout | undefined;
  let stopHook: (() => void) | undefined;
  const waiting: (() => void)[] = [];

  const finishSweep = () => {
    stopHook?.();
    stopHook = undefined;
    sweeping = undefined;
    for (const then of waiting.splice(0)) then();
  };

  /** Loops inside libraries know nothing of the epoch: their next continuation is terminated by V8. */
  const sweep = () => {
    clearTimeout(sweeping);
    sweeping = setTimeout(finishSweep, SWEEP_MS);
    stopHook ??= promiseHooks.onBefore(() => {
      worker.postMessage('terminate');
      const until = Date.now() + 1000;
      while (Date.now() < until);
    }) as unknown as () => void;
  };

  worker.on('message', ({ request, cell }: Interruption) => {
    Atomics.store(shared, ANSWERED, request);
    if (!conclude(cell)) return;
    epoch++;
    sweep();
  });
  return {
    epoch: () => epoch,
    asked: cell => Atomics.load(shared, ASKED) === cell,
    quiet(then) {
      if (sweeping === undefined) then();
      else waiting.push(then);
    },
  };
};
