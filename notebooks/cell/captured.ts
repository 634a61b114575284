import { Session } from 'node:inspector';
import { types } from 'node:util';
import { encode, NotStorable } from './stored-value.js';

type Code = (...args: never[]) => unknown;
type Property = {
  readonly name: string;
  readonly value?: { readonly objectId?: string; readonly description?: string };
};
type Post = (method: string, params: object, done: (error: Error | null, result: unknown) => void) => void;
type Listed = { readonly result: readonly Property[]; readonly internalProperties?: readonly Property[] };

const ASKED = Symbol.for('tsnb.captured');

/** The scopes that a function sees, as the engine names them. It answers at once: the session is in the same thread. */
const scopesOf = (code: Code): readonly string[] => {
  const session = new Session();
  session.connect();
  const post = session.post.bind(session) as Post;
  const ask = <R>(method: string, params: object): R => {
    let answer: unknown;
    post(method, params, (_, result) => {
      answer = result;
    });
    return answer as R;
  };
  const properties = (objectId: string) => ask<Listed>('Runtime.getProperties', { objectId, ownProperties: true });
  const place = globalThis as { [ASKED]?: Code };
  place[ASKED] = code;
  try {
    const expression = "globalThis[Symbol.for('tsnb.captured')]";
    const { result } = ask<{ result: { objectId: string } }>('Runtime.evaluate', { expression });
    const inside = properties(result.objectId).internalProperties ?? [];
    const scopes = inside.find(({ name }) => name === '[[Scopes]]')?.value?.objectId;
    if (scopes === undefined) return ['none that is known'];
    const listed = properties(scopes).result.filter(({ name }) => /^\d+$/.test(name));
    return listed.map(({ value }) => value?.description ?? '');
  } finally {
    delete place[ASKED];
    session.disconnect();
  }
};

/** The scopes whose content is known: what a module has at its top level follows from its text. */
const OPEN = ['Module', 'Script', 'Global'];
const NAME = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/gu;
/** What reaches names that no text shows. */
const HIDING = ['eval', 'Function', 'globalThis', 'global'];
/** Words that are more than a name when they are evaluated, and what the kernel writes into cells. */
const NO_NAMES = ['this', 'debugger', '$tsnb'];
const ABSENT = Symbol('absent');

/** What cells have in a name: their top-level names are seen by whatever is evaluated outside of all functions. */
const heldIn = (name: string): unknown => {
  if (NO_NAMES.includes(name)) return ABSENT;
  try {
    // biome-ignore lint/security/noGlobalEval: only evaluated there is a name of the cells seen.
    return globalThis.eval(name);
  } catch {
    return ABSENT;
  }
};

/**
 * All that a function of a cell can see beside its arguments: its text, the values of cells' variables that it may
 * name, and of functions among these the same again. Names are looked for in the whole text, in words and properties
 * too: too many cost a hit, too few would give a stale value. What modules export is left to the digest of their files.
 * @throws NotStorable where a value cannot be told, or hides in a closure.
 */
export const captured = (make: Code): readonly unknown[] => {
  const told: unknown[] = [];
  const seen = new Set<string>();
  const take = (code: Code, name: string): void => {
    const text = Function.prototype.toString.call(code);
    if (/\[native code\] \}$/.test(text)) throw new NotStorable(`${name} is bound, or native code`);
    const scopes = scopesOf(code);
    if (scopes.some(scope => !OPEN.includes(scope))) {
      throw new NotStorable(`${name} closes over variables of a function or block`);
    }
    if (scopes.includes('Module') && code !== make) return;
    if (Object.keys(code).length + Object.keys(code.prototype ?? {}).length > 0) {
      throw new NotStorable(`${name} has properties of its own`);
    }
    told.push([name, text]);
    for (const word of new Set(text.match(NAME))) look(word, name);
  };
  const look = (word: string, user: string): void => {
    if (seen.has(word)) return;
    seen.add(word);
    if (HIDING.includes(word)) throw new NotStorable(`${user} uses ${word}`);
    const value = heldIn(word);
    if (value === ABSENT || types.isModuleNamespaceObject(value)) return;
    const builtIn = word in globalThis;
    try {
      if (typeof value === 'function') {
        if (!builtIn) take(value as Code, word);
      } else told.push([word, encode(value, word)]);
    } catch (error) {
      if (!(error instanceof NotStorable)) throw error;
      if (!builtIn) throw new NotStorable(`${user} uses ${word}, and ${error.message}`);
    }
  };
  take(make, 'make');
  return told;
};
