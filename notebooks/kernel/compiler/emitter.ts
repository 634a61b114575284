import type { Script } from '../link/protocol.js';
import type { ProjectOptions } from '../project/project-options.js';
import { DEEP, depthOf } from './depth.js';
import { type Draft, draft } from './draft.js';
import { createLatest } from './latest.js';

/** TypeScript of a cell → what the user process evaluates; one emitter for each such process. */
export interface Emitter {
  /**
   * Needs no checked cell: it may be at work while the check is. undefined for a cell that is very deep, and for one
   * with decorators or JSX, which waits for the project's options; throws a SyntaxError that a check would have found.
   */
  emit(code: string): Script | undefined;
  /** The same for a cell that has been checked. */
  emitChecked(code: string, options: ProjectOptions): Promise<Script>;
  /** The cell runs: its names hide globals from now on. */
  commit(code: string): void;
}

/** @param draftDeep `draft` in a thread that has the stack for it. */
export const createEmitter = (
  draftDeep: (...args: Parameters<typeof draft>) => Promise<Draft | undefined>,
): Emitter => {
  let hiding: ReadonlySet<string> = new Set();
  const drafts = createLatest<Draft>();

  const known = (code: string): Draft | undefined => {
    const found = drafts.get(code);
    // Names only ever come to hide globals: where the number is the same, so are they.
    return found?.hidden === hiding.size ? found : undefined;
  };
  const kept = (code: string, made: Draft | undefined): Draft | undefined => {
    if (made) drafts.set(code, made);
    return made;
  };

  return {
    emit(code) {
      const found = known(code);
      return found ?? (depthOf(code) < DEEP ? kept(code, draft(code, hiding)) : undefined);
    },
    async emitChecked(code, options) {
      const make = depthOf(code) < DEEP ? draft : draftDeep;
      return known(code) ?? kept(code, await make(code, hiding, options))!;
    },
    commit(code) {
      hiding = drafts.get(code)?.hides ?? hiding;
    },
  };
};
