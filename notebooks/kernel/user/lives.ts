import { promiseHooks } from 'node:v8';

/**
 * Whose work runs: a cell's life is the cell and all that it has called, across every await, so that an interrupt
 * means one cell and no loop that an earlier one has left running. What a timer calls is no part of it, and is known to
 * speak for the cell; what a socket calls belongs to nobody.
 *
 * async_hooks would know all of these, but then a script that V8 terminates ends the process, and whoever prints a
 * promise sees symbols on it.
 */
export interface Lives {
  /** The life of the code that runs. */
  current(): Life | undefined;
  /** The cell whose code runs, timers included. */
  speaker(): number | undefined;
  /** The same function, for which the cell speaks that calls this, whenever it is called. */
  bind<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R;
  /** The cell that has made a promise, or that a timer has thrown this for. */
  origin(promise: object | undefined, thrown: unknown): number | undefined;
  /** Begins the life of a cell, and runs this in it. */
  begin(cell: number, work: () => void): void;
  /** The life that began last. */
  latest(): Life | undefined;
  /** A script was terminated, and what follows it did not run: nobody lives at this moment. */
  reset(): void;
  /** From now on, whatever of this life wakes up is told first. */
  watch(life: Life | undefined): void;
}

export interface Life {
  readonly cell: number;
  /** What a timer calls goes on when the cell is interrupted. */
  readonly detached?: boolean;
  /** An interrupt has come: what awaited then does not go on. */
  stopped: boolean;
  /** An error has said so to code that was not waiting: what that does now, it does in the knowledge. */
  told: boolean;
  /** Ends what the cell waits for at its top level. */
  end(reason: Error): void;
}

/** @param woken is called before any continuation of the life that is watched. */
export const createLives = (woken: () => void): Lives => {
  let now: Life | undefined;
  let latest: Life | undefined;
  let watched: Life | undefined;
  let failed: { readonly thrown: unknown; readonly cell: number } | undefined;
  promiseHooks.createHook({
    init(promise) {
      if (now !== undefined) mark(promise, now);
    },
    before(promise) {
      now = lifeOf(promise);
      if (now !== undefined && now === watched) woken();
    },
    after() {
      now = undefined;
    },
  });
  return {
    current: () => (now?.detached ? undefined : now),
    speaker: () => now?.cell,
    bind(work) {
      if (now === undefined) return work;
      const life: Life = { cell: now.cell, detached: true, stopped: false, told: false, end: () => undefined };
      return function (this: unknown, ...args) {
        const before = now;
        now = life;
        try {
          return work.apply(this, args);
        } catch (thrown) {
          failed = { thrown, cell: life.cell };
          throw thrown;
        } finally {
          now = before;
        }
      };
    },
    origin(promise, thrown) {
      if (promise) return lifeOf(promise)?.cell;
      const found = failed && Object.is(failed.thrown, thrown) ? failed.cell : undefined;
      failed = undefined;
      return found;
    },
    latest: () => latest,
    begin(cell, work) {
      latest = { cell, stopped: false, told: false, end: () => undefined };
      now = latest;
      try {
        work();
      } finally {
        now = undefined;
      }
    },
    reset() {
      now = undefined;
    },
    watch(life) {
      watched = life;
    },
  };
};

/** What is constructed is the object that is there already. */
class Itself {
  constructor(itself: object) {
    // biome-ignore lint/correctness/noConstructorReturn: this is how a private field gets onto an object of V8's own
    return itself;
  }
}

/** A private field of the promise is seen by nobody else, and quicker than a WeakMap. */
class Marked extends Itself {
  readonly #life: Life;
  constructor(promise: object, life: Life) {
    super(promise);
    this.#life = life;
  }
  static life(promise: object): Life | undefined {
    return #life in promise ? promise.#life : undefined;
  }
}

const mark = (promise: object, life: Life): void => void new Marked(promise, life);
const lifeOf = Marked.life;
