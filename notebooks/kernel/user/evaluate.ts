import { Session } from 'node:inspector';
import { cellUrl } from './cells.js';

/** Runs scripts as V8's own REPL does: top-level await, and one scope in which names may be declared again. */
export interface Evaluator {
  /** Calls back when the script and what it awaits have ended. */
  run(cell: number, js: string, done: (outcome: Outcome) => void): void;
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
const CATCH = Symbol.for('tsnb.thrown');

export const createEvaluator = (): Evaluator => {
  const session = new Session();
  session.connect();
  const post = session.post.bind(session) as (
    method: string,
    params: object,
    done: (error: Error | null, result: Evaluated) => void,
  ) => void;

  /** The inspector hands out a handle of what was thrown; a function that is called on it gets the object itself. */
  const value = (remote: RemoteObject): unknown => {
    if (!remote.objectId) return remote.unserializableValue ? special(remote) : remote.value;
    const holder = globalThis as unknown as Record<symbol, unknown>;
    const functionDeclaration = 'function () { globalThis[Symbol.for("tsnb.thrown")] = this; }';
    post('Runtime.callFunctionOn', { objectId: remote.objectId, functionDeclaration }, () => undefined);
    const thrown = holder[CATCH];
    delete holder[CATCH];
    return thrown;
  };

  const outcomeOf = ({ exceptionDetails: details }: Evaluated): Outcome => {
    if (!details) return { ok: true };
    return { ok: false, thrown: details.exception ? value(details.exception) : new Error(details.text) };
  };

  return {
    run(cell, js, done) {
      const expression = `${js}\nvoid 0;\n//# sourceURL=${cellUrl(cell)}`;
      const params = { expression, replMode: true, awaitPromise: true, objectGroup: GROUP };
      post('Runtime.evaluate', params, (error, result) => {
        const outcome = error ? failed(error) : outcomeOf(result);
        post('Runtime.releaseObjectGroup', { objectGroup: GROUP }, () => undefined);
        done(outcome);
      });
    },
  };
};

const failed = (error: Error): Outcome =>
  error.message.includes('Execution was terminated') ? 'terminated' : { ok: false, thrown: error };

const special = ({ type, unserializableValue = '' }: RemoteObject): unknown =>
  type === 'bigint' ? BigInt(unserializableValue.replace(/n$/, '')) : Number(unserializableValue);
