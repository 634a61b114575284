import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import type { Worker } from 'node:worker_threads';
import type { Life, Lives } from './lives.js';
import { ANSWERED, ASKED, ENGINE, ENTERED, SENDING, TERMINATED, TERMINATING, THROWN } from './signals.js';

/**
 * Interrupts, in the main thread of the user process. A cell that is interrupted first gets an error: at once where it
 * waits, or at its next safe point, so that its `finally` blocks run. What gets to no safe point is terminated by V8.
 */
export interface Interrupts {
  /** Throws where the life that runs is to stop and was not yet told. */
  safePoint(): void;
  /** Whether this cell is to stop: the word of it may still be on its way. */
  asked(cell: number): boolean;
  /** The interrupted cell has come to its end. */
  finish(cell: number): void;
  /** Lets a cell in when what follows an interrupt is over: at once where there is none. */
  enter(cell: number, then: () => void): void;
}

/** From the thread that listens for interrupts: the cell to stop, or that no termination is on its way any more. */
export type Interruption = { readonly request: number; readonly cell: number } | 'calm';

export interface InterruptParts {
  readonly worker: Worker;
  readonly lives: Lives;
  readonly shared: Int32Array;
  /** Reports the cell as interrupted; false where it does not run. */
  conclude(cell: number): boolean;
  /** Ends what the kernel itself keeps the cell waiting for. */
  refuse(reason: Error): void;
  /** The cell has ended before its time. */
  stopped(): void;
}

/** What an interrupted cell sees. */
export const interruption = (): Error =>
  Object.assign(new Error('interrupted; names and values are kept'), { name: 'KeyboardInterrupt' });

/** The functions that a cell waits for may come to their own end first. */
const INNER_MS = 50;
/** A cell that has not ended by then is said to have ended. */
const PATIENCE_MS = 700;
/** Library code that wakes up may end by an error of its own; then, for some time, it is ended by force. */
const LEFT_MS = 100;
const SWEEP_MS = 300;

export const createInterrupts = (parts: InterruptParts): Interrupts => {
  const { worker, lives, shared } = parts;
  let patience: NodeJS.Timeout | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  /** The latest cell that an interrupt has ended: another word of it says nothing new. */
  let finished = 0;
  const waiting: (() => void)[] = [];

  const busy = () => sweeping !== undefined || Atomics.load(shared, TERMINATING) !== 0;
  const rest = () => {
    if (!busy()) for (const then of waiting.splice(0)) then();
  };

  const sweep = (life: Life) => {
    clearTimeout(sweeping);
    sweeping = setTimeout(() => {
      lives.watch(life);
      sweeping = setTimeout(() => {
        lives.watch(undefined);
        sweeping = undefined;
        rest();
      }, SWEEP_MS);
    }, LEFT_MS);
  };

  const finish = (cell: number) => {
    clearTimeout(patience);
    patience = undefined;
    finished = cell;
    const life = lives.latest();
    if (!parts.conclude(cell) || life?.cell !== cell) return;
    life.stopped = true;
    parts.stopped();
    sweep(life);
  };

  const askByErrors = (life: Life) => {
    if (patience !== undefined) return;
    life.stopped = true;
    parts.refuse(interruption());
    patience = setTimeout(() => {
      life.told = true;
      life.end(interruption());
      patience = setTimeout(finish, PATIENCE_MS, life.cell);
    }, INNER_MS);
  };

  worker.on('message', (message: Interruption) => {
    if (message === 'calm') return rest();
    const { request, cell } = message;
    Atomics.store(shared, ANSWERED, request);
    for (const field of [ENGINE, SENDING]) Atomics.store(shared, field, 0);
    lives.reset();
    const life = lives.latest();
    const terminated = Atomics.load(shared, TERMINATED) >= request;
    if (life?.cell !== cell || terminated) finish(cell);
    else if (cell !== finished) askByErrors(life);
  });

  return {
    safePoint() {
      const asked = Atomics.load(shared, ASKED);
      const life = lives.current();
      if (life === undefined || life.cell !== asked || life.told) return;
      life.stopped = true;
      life.told = true;
      Atomics.store(shared, THROWN, asked);
      throw interruption();
    },
    asked: cell => Atomics.load(shared, ASKED) === cell,
    finish,
    enter(cell, then) {
      Atomics.store(shared, ENTERED, cell);
      waiting.push(then);
      // A termination that has found nothing to end takes the next call: this one, which is there for it.
      if (busy()) setImmediate(() => undefined);
      rest();
    },
  };
};
