import type { Program } from '../link/protocol.js';
import type { CellError } from './compiler.js';
import type { CompilerClient } from './compiler-client.js';
import type { Emitter } from './emitter.js';
import type { Uses } from './uses.js';

/** A cell's way from TypeScript to a script: translated here while another thread checks it. */
export interface Translator {
  translate(code: string): Promise<Translated>;
  /** Forgets what earlier cells declared: the process that held their values is gone. */
  clear(): void;
}

/** `news`: the compiler may have warnings. `uses`: unknown of what is no TypeScript. */
export type Translated = { readonly news: boolean; readonly uses?: Uses } & (
  | { readonly ok: true; readonly script: Program }
  | { readonly ok: false; readonly errors: readonly CellError[] }
);

export const createTranslator = (compiler: Pick<CompilerClient, 'check' | 'draft' | 'clear'>): Translator => {
  let emitter: Promise<Emitter> | undefined;
  return {
    async translate(code) {
      const checking = compiler.check(code);
      // Loaded with the first cell: a kernel that starts has better things to do.
      emitter ??= import('./emitter.js').then(({ createEmitter }) => createEmitter(compiler.draft));
      const own = emitter;
      const [checked, emitted] = await Promise.allSettled([checking, own.then(({ emit }) => emit(code))]);
      if (checked.status === 'rejected') throw checked.reason;
      if (!checked.value.ok) return checked.value;
      if (emitted.status === 'rejected') throw emitted.reason;
      const { emitChecked, commit } = await own;
      const { options, types, news, uses } = checked.value;
      const { js, names, mappings } = emitted.value ?? (await emitChecked(code, options));
      commit(code);
      return { ok: true, news, ...(uses ? { uses } : {}), script: { js, names, mappings, options, types } };
    },
    clear() {
      emitter = undefined;
      void compiler.clear();
    },
  };
};
