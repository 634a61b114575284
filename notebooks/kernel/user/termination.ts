import { Worker } from 'node:worker_threads';
import { now } from '../link/primordials.js';

/** The thread that interrupts this one: see interrupter.ts. */
export interface Interrupter {
  readonly worker: Worker;
  /** Has V8 end the code that runs here. */
  terminate(): void;
}

const LONGEST_MS = 1000;

export const startInterrupter = (script: URL, shared: Int32Array): Interrupter => {
  const worker = new Worker(script, { workerData: shared.buffer });
  worker.unref();
  return {
    worker,
    terminate() {
      worker.postMessage('terminate');
      const until = now() + LONGEST_MS;
      while (now() < until);
    },
  };
};
