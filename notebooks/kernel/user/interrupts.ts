import { clearTimeout, setTimeout } from 'node:timers';
import type { Life, Lives } from './lives.js';
import { ANSWERED, ASKED, CALM, clock, ENGINE, ENTERED, TERMINATED, TERMINATING, THROWN, UNCUT } from './signals.js';
import type { Interrupter } from './termination.js';
import { uncut } from './uncut.js';

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
  /**
   * Called by the thread that listens, as an expression of the inspector, which interrupts what runs here: ends that
   * by force where it keeps the cell from stopping.
   * @param asked the clock when the expression was sent
   * @param patient whether other code than the cell's is given more time
   * @returns whether it is worth asking again at once
   */
  force(request: number, cell: number, asked: number, patient: boolean): boolean;
}

/** From the thread that listens for interrupts: the cell to stop, or that no termination is on its way any more. */
export type Interruption = Request | 'calm';

interface Request {
  readonly request: number;
  readonly cell: number;
}

export interface InterruptParts {
  readonly interrupter: Interrupter;
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
/** An expression that took so long to come has waited for native code. */
const NATIVE_MS = 60;

const { captureStackTrace } = Error;

/** The frames of `interruptsCode`, of what calls it, and of the expression. */
const OWN_FRAMES = 3;

/** Whether an expression of the inspector has interrupted code, or has found the thread at rest. */
const interruptsCode = (): boolean => {
  const { prepareStackTrace, stackTraceLimit } = Error;
  const found: { stack?: unknown } = {};
  try {
    Error.prepareStackTrace = (_, sites) => sites.length;
    Error.stackTraceLimit = OWN_FRAMES + 1;
    captureStackTrace(found);
    const frames = found.stack;
    Object.assign(Error, { prepareStackTrace, stackTraceLimit });
    return Number(frames) > OWN_FRAMES;
  } catch {
    return true; // A cell has frozen Error.
  }
};

export const createInterrupts = (parts: InterruptParts): Interrupts => {
  const { interrupter, lives, shared } = parts;
  let patience: NodeJS.Timeout | undefined;
  let sweeping: NodeJS.Timeout | undefined;
  /** The latest cell that an interrupt has ended: another word of it says nothing new. */
  let finished = 0;
  const waiting: (() => void)[] = [];

  const busy = () => sweeping !== undefined || Atomics.load(shared, TERMINATING) !== CALM;
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

  const answer = ({ request, cell }: Request) => {
    Atomics.store(shared, ANSWERED, request);
    Atomics.store(shared, ENGINE, 0);
    lives.reset();
    const life = lives.latest();
    const terminated = Atomics.load(shared, TERMINATED) >= request;
    if (life?.cell !== cell || terminated) finish(cell);
    else if (cell !== finished) askByErrors(life);
  };
  const listen = uncut(shared, (message: Interruption) => (message === 'calm' ? rest() : answer(message)));
  interrupter.worker.on('message', message => {
    // What was terminated has left nothing behind that counts.
    Atomics.store(shared, UNCUT, 0);
    listen(message);
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
      rest();
    },
    force(request, cell, asked, patient) {
      const entered = Atomics.load(shared, ENTERED);
      if (Atomics.load(shared, ANSWERED) >= request || entered > cell) return false;
      // Where nobody knows whose code it is, it is the cell's once that is here.
      const running = lives.current()?.cell ?? entered;
      // Back from a long call of native code, the cell may be about to come to a safe point.
      if ((patient && running !== cell) || clock() - asked > NATIVE_MS || !interruptsCode()) return false;
      if (Atomics.load(shared, UNCUT) > 0) return true;
      interrupter.terminateInterrupted();
      return false;
    },
  };
};
