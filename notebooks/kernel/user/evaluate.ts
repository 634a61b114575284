import { Session } from 'node:inspector';
import { cellUrl } from './cells.js';

/** Runs scripts as V8's own REPL does: in one scope, in which names may be declared again. */
export interface Evaluator {
  /** Calls back when the script, and the promise that it has handed over, have ended. */
  run(cell: number, js: string, done: (outcome: Outcome) => void): void;
  /**
   * The script's own work, which may await. Not left to the REPL: the inspector watches the promise of a script, and
   * when an interrupted one is collected it calls into JavaScript in the middle of garbage collection.
   */
  take(work: Promise<unknown>): void;
}

/** 'terminated': V8 has ended the script on request of the interrupt thread. */
export type Outcome = { readonly ok: true } | { readonly ok: false; readonly thrown: unknown } | 'terminated';

interface RemoteObject {
  readonly type: string;
  readonly value?: unknown;
  readonly unserializableValue?: string;
  readonly objectId?: string;
}

interface Evaluated {
  readonly exceptionDetails?: { readonly text: string; readonly exception?: RemoteObject };
}

const GROUP = 'tsnb';
const HANDED = Symbol.for('tsnb.handed');

/** @param terminating whether an error of the inspector is our own doing. */
export const createEvaluator = (terminating: () => boolean): Evaluator => {
  const session = new Session();
  session.connect();
  const post = session.post.bind(session) as (
    method: string,
    params: object,
    done: (error: Error | null, result: Evaluated) => void,
  ) => void;

  /** The inspector hands out a handle of an object; a function that is called on it gets the object itself. */
  const value = (remote: RemoteObject): unknown => {
    if (!remote.objectId) return remote.unserializableValue ? special(remote) : remote.value;
    const holder = globalThis as unknown as Record<symbol, unknown>;
    const functionDeclaration = 'function () { globalThis[Symbol.for("tsnb.handed")] = this; }';
    post('Runtime.callFunctionOn', { objectId: remote.objectId, functionDeclaration }, () => undefined);
    const handed = holder[HANDED];
    delete holder[HANDED];
    return handed;
  };

  const taken: { work: Promise<unknown> | undefined } = { work: undefined };
  return {
    take(work) {
      taken.work = work;
    },
    run(cell, js, done) {
      const expression = `${js}\nvoid 0;\n//# sourceURL=${cellUrl(cell)}`;
      const params = { expression, replMode: true, awaitPromise: true, objectGroup: GROUP };
      taken.work = undefined;
      post('Runtime.evaluate', params, (error, { exceptionDetails: details } = {}) => {
        if (error) return done(terminating() ? 'terminated' : { ok: false, thrown: error });
        const thrown = details && (details.exception ? value(details.exception) : new Error(details.text));
        post('Runtime.releaseObjectGroup', { objectGroup: GROUP }, () => undefined);
        if (details) done({ ok: false, thrown });
        else if (!taken.work) done({ ok: true });
      });
      taken.work?.then(
        () => done({ ok: true }),
        (thrown: unknown) => done({ ok: false, thrown }),
      );
    },
  };
};

const special = ({ type, unserializableValue = '' }: RemoteObject): unknown =>
  type === 'bigint' ? BigInt(unserializableValue.replace(/n$/, '')) : Number(unserializableValue);
