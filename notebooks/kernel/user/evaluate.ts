import { Session } from 'node:inspector';
import { setImmediate } from 'node:timers';
import { runInThisContext } from 'node:vm';
import { react, withoutToJson } from '../link/primordials.js';
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
  /** Runs a function as the work of a message that has this number. */
  call(number: number, work: () => void, done: (outcome: Outcome) => void): void;
  /** What cells have in a name that they have declared. */
  has(name: string): boolean;
  value(name: string): unknown;
  /** The script has begun. */
  begun(): void;
  /** The script's own work, which may await. */
  take(promise: Promise<unknown>): void;
}

/** V8 does not take the script: what runs in it fails through its promise. */
const refusal = (description: string): Error =>
  description.startsWith('RangeError: Maximum call stack')
    ? new RangeError('the cell nests too deep for V8 to compile it: split it, or put the data in a file')
    : new Error(description);

export type Outcome = { readonly ok: true } | { readonly ok: false; readonly thrown: unknown };

type Post = (
  method: string,
  params: object,
  done: (error: Error | null, result?: { exceptionDetails?: { exception?: { description?: string } } }) => void,
) => void;

/** @param live runs a script as the work of its cell. */
export const createEvaluator = (live: (cell: number, work: () => void) => void): Evaluator => {
  const session = new Session();
  session.connect();
  const dispatch = session.post.bind(session) as Post;
  let restore: () => void = () => undefined;
  /** A message is JSON; the script that it brings is to find everything as it was. */
  const post: Post = (...message) => {
    restore = withoutToJson();
    try {
      dispatch(...message);
    } finally {
      restore();
    }
  };

  /** V8 keeps a scope for every declaration for ever, so a name is declared once and then emptied. */
  const declared = new Set<string>();

  /**
   * A name that V8 refuses is an error of the script that uses it. The script waits until the inspector has done with
   * the REPL's promise, or collecting it while the script runs would end the process; and it starts from the event
   * loop, where the end of a terminated script harms nothing else.
   */
  const declare = (names: readonly string[], next: () => void) => {
    const known = names.filter(name => declared.has(name));
    const fresh = names.filter(name => !declared.has(name));
    if (known.length > 0) {
      const expression = known.map(name => `${name} = undefined;`).join(' ');
      post('Runtime.evaluate', { expression }, () => undefined);
    }
    if (fresh.length === 0) return void setImmediate(next);
    const expression = `let ${fresh.join(', ')}; void 0;`;
    const params = { expression, replMode: true, awaitPromise: true };
    post('Runtime.evaluate', params, (_, result) => {
      if (result && !result.exceptionDetails) for (const name of fresh) declared.add(name);
      setImmediate(next);
    });
  };

  let taken: Promise<unknown> | undefined;
  const start = (cell: number, js: string, done: (outcome: Outcome) => void) => {
    taken = undefined;
    // Through the inspector, which takes the end of a terminated script upon itself; no promise is involved.
    const expression = `${js}\nvoid 0;\n//# sourceURL=${cellUrl(cell)}`;
    let failed = false;
    live(cell, () =>
      post('Runtime.evaluate', { expression }, (error, result) => {
        const refused = result?.exceptionDetails?.exception?.description;
        failed = error !== null || refused !== undefined;
        if (refused !== undefined) done({ ok: false, thrown: refusal(refused) });
      }),
    );
    if (failed) return;
    // The script has called take() meanwhile, which TypeScript cannot see.
    const work = taken as Promise<unknown> | undefined;
    if (!work) return done({ ok: true });
    void react(
      work,
      () => done({ ok: true }),
      thrown => done({ ok: false, thrown }),
    );
  };

  return {
    call(number, work, done) {
      let outcome: Outcome = { ok: true };
      live(number, () => {
        try {
          work();
        } catch (thrown) {
          outcome = { ok: false, thrown };
        }
      });
      done(outcome);
    },
    has: name => declared.has(name),
    value: name => runInThisContext(name) as unknown,
    begun: () => restore(),
    take(promise) {
      taken = promise;
    },
    run(cell, js, names, done, wanted = () => true) {
      declare(names, () => {
        if (wanted()) start(cell, js, done);
      });
    },
  };
};
