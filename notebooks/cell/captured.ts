import { Session } from 'node:inspector';
import { types } from 'node:util';
import { encode, NotStorable } from './stored-value.js';

type Code = (...args: never[]) => unknown;
type Remote = { readonly objectId?: string; readonly description?: string; readonly value?: unknown };
type Property = { readonly name: string; readonly value?: Remote };
type Listed = { readonly result: readonly Property[]; readonly internalProperties?: readonly Property[] };
type Post = (method: string, params: object, done: (error: Error | null, result: unknown) => void) => void;

/** What the engine knows of a function beside its text. */
interface Inspector {
  /** The scopes that it sees, as the engine names them. */
  scopes(code: Code): readonly string[];
  /** Its file, line and column. */
  place(code: Code): string;
  close(): void;
}

const ASKED = Symbol.for('tsnb.captured');

/** The session is in the same thread, and answers at once. */
const inspector = (): Inspector => {
  const session = new Session();
  session.connect();
  const files = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => files.set(params.scriptId, params.url));
  const post = session.post.bind(session) as Post;
  const ask = <R>(method: string, params: object = {}): R => {
    let answer: unknown;
    post(method, params, (_, result) => {
      answer = result;
    });
    return answer as R;
  };
  ask('Debugger.enable');
  const held = globalThis as { [ASKED]?: Code };
  const expression = "globalThis[Symbol.for('tsnb.captured')]";
  const properties = (objectId = '') => ask<Listed>('Runtime.getProperties', { objectId, ownProperties: true });
  const internal = (code: Code, name: string): Remote | undefined => {
    held[ASKED] = code;
    const { result } = ask<{ result: Remote }>('Runtime.evaluate', { expression });
    delete held[ASKED];
    return properties(result.objectId).internalProperties?.find(each => each.name === name)?.value;
  };
  return {
    scopes(code) {
      const scopes = internal(code, '[[Scopes]]');
      if (scopes === undefined) return ['none that is known'];
      const listed = properties(scopes.objectId).result.filter(({ name }) => /^\d+$/.test(name));
      return listed.map(({ value }) => value?.description ?? '');
    },
    place(code) {
      const place = internal(code, '[[FunctionLocation]]')?.value as
        | { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber: number }
        | undefined;
      const file = place && files.get(place.scriptId);
      if (!place || !file) throw new NotStorable(`it is not known where ${code.name || 'a function'} comes from`);
      return `${file}:${place.lineNumber}:${place.columnNumber}`;
    },
    close: () => session.disconnect(),
  };
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

const isNative = (code: Code): boolean => /\[native code\] \}$/.test(Function.prototype.toString.call(code));

/**
 * All that a function of a cell can see beside its arguments: its text, the values of cells' variables that it may
 * name, and of functions among these the same again. Names are looked for in the whole text, in words and properties
 * too: too many cost a hit, too few would give a stale value. Of what comes from modules it tells from where; what is
 * there is left to the digest of the files.
 * @throws NotStorable where a value cannot be told, or hides in a closure.
 */
export const captured = (make: Code): readonly unknown[] => {
  const told: unknown[] = [];
  const seen = new Set<string>();
  const { scopes, place, close } = inspector();
  const take = (code: Code, name: string): void => {
    if (isNative(code)) throw new NotStorable(`${name} is bound, or native code`);
    const around = scopes(code);
    if (around.some(scope => !OPEN.includes(scope))) {
      throw new NotStorable(`${name} closes over variables of a function or block`);
    }
    if (Object.keys(code).length + Object.keys(code.prototype ?? {}).length > 0) {
      throw new NotStorable(`${name} has properties of its own`);
    }
    if (around.includes('Module')) told.push([name, place(code)]);
    if (around.includes('Module') && code !== make) return;
    const text = Function.prototype.toString.call(code);
    told.push([name, text]);
    const words = new Set(text.match(NAME));
    for (const word of words) look(word, name, words);
  };
  /** An import of a whole module: all that it exports tells which one it is. */
  const takeModule = (module: object, name: string, words: ReadonlySet<string>): void => {
    for (const [key, value] of Object.entries(module)) {
      if (typeof value === 'function') told.push([name, key, isNative(value as Code) || place(value as Code)]);
      else {
        try {
          told.push([name, key, encode(value, `${name}.${key}`)]);
        } catch (error) {
          if (words.has(key)) throw error;
        }
      }
    }
  };
  const look = (word: string, user: string, words: ReadonlySet<string>): void => {
    const again = seen.has(word);
    seen.add(word);
    if (HIDING.includes(word)) throw new NotStorable(`${user} uses ${word}`);
    const value = heldIn(word);
    const isModule = types.isModuleNamespaceObject(value);
    if (value === ABSENT || (again && !isModule)) return;
    const builtIn = word in globalThis;
    try {
      if (isModule) takeModule(value as object, word, words);
      else if (typeof value !== 'function') told.push([word, encode(value, word)]);
      else if (!builtIn) take(value as Code, word);
    } catch (error) {
      if (!(error instanceof NotStorable)) throw error;
      if (!builtIn) throw new NotStorable(`${user} uses ${word}, and ${error.message}`);
    }
  };
  try {
    take(make, 'make');
  } finally {
    close();
  }
  return told;
};
