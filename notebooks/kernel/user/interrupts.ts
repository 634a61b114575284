import { promiseHooks } from 'node:v8';
import { Worker } from 'node:worker_threads';

/** Interrupts, in the main thread of the user process. */
export interface Interrupts {
  /** Counts interrupts; an await that began before the latest one does not go on. */
  epoch(): number;
  /** V8 has been told to end what runs: a script that fails now has not failed by itself. */
  terminating(): boolean;
  /** Calls back when the sweep after an interrupt is over: at once where there is none. */
  quiet(then: () => void): void;
}

/** What the two threads share: the latest interrupt that the main thread has seen, and whether V8 is told to stop it. */
export const ANSWERED = 0;
export const TERMINATING = 1;

/** After an interrupt, for this long, whatever asynchronous code wakes up is ended. */
const SWEEP_MS = 300;

/** @param conclude reports the running cell as interrupted. */
export const createInterrupts = (script: URL, conclude: () => void): Interrupts => {
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

  worker.on('message', (request: number) => {
    Atomics.store(shared, ANSWERED, request);
    Atomics.store(shared, TERMINATING, 0);
    epoch++;
    conclude();
    sweep();
  });
  return {
    epoch: () => epoch,
    terminating: () => Atomics.load(shared, TERMINATING) === 1,
    quiet(then) {
      if (sweeping === undefined) then();
      else waiting.push(then);
    },
  };
};
