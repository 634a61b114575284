import { Session } from 'node:inspector';
import { Script } from 'node:vm';
import { cellUrl } from './cells.js';

/**
 * Runs scripts in one scope, in which names may be declared again, as V8's own REPL lets them.
 *
 * The REPL declares the names, and no more: the inspector watches the promise of what it evaluates, and when an
 * interrupted one is collected it calls into JavaScript in the middle of garbage collection, which ends the process.
 */
export interface Evaluator {
  /**
   * `wanted` is asked once the names are declared: an interrupt may have come first.
   * Calls back when the script, and the promise that it has handed over, have ended; never for a terminated one.
   */
  run(
    cell: number,
    js: string,
    names: readonly string[],
    done: (outcome: Outcome) => void,
    wanted?: () => boolean,
  ): void;
  /** The script's own work, which may await. */
  take(promise: Promise<unknown>): void;
}

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly thrown: unknown };

type Post = (
  method: string,
  params: object,
  done: (
    error: Error | null,
    result?: { exceptionDetails?: { exception?: { description?: string } } },
  ) => void,
) => void;

export const createEvaluator = (): Evaluator => {
  const session = new Session();
  session.connect();
  const post = session.post.bind(session) as Post;

  const declare = (names: readonly string[], done: (error?: Error) => void) => {
    if (names.length === 0) return done();
    const expression = `let ${names.join(', ')}; void 0;`;
    post('Runtime.evaluate', { expression, replMode: true, awaitPromise: true }, (error, result) => {
      const refused = result?.exceptionDetails?.exception?.description;
      // Out of the inspector's callback, so that an interrupt of the cell does not end in there.
      setImmediate(() => done(error ?? (refused === undefined ? undefined : new Error(refused))));
    });
  };

  let taken: Promise<unknown> | undefined;
  const start = (cell: number, js: string, done: (outcome: Outcome) => void) => {
    taken = undefined;
    try {
      new Script(js, { filename: cellUrl(cell) }).runInThisContext({ displayErrors: false });
    } catch (thrown) {
      return done({ ok: false, thrown });
    }
    if (!work()) return done({ ok: true });
    work()?.then(
      () => done({ ok: true }),
      (thrown: unknown) => done({ ok: false, thrown }),
    );
  };
  const work = () => taken;

  return {
    take(promise) {
      taken = promise;
    },
    run(cell, js, names, done, wanted = () => true) {
      declare(names, error => {
        if (error) done({ ok: false, thrown: error });
        else if (wanted()) start(cell, js, done);
      });
    },
  };
};
