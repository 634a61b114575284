import { parseSync } from 'oxc-parser';
import type { Script } from '../link/protocol.js';
import type { ProjectOptions } from '../project/project-options.js';
import { type ErasedCell, eraseCell, needsLowering } from './erase.js';
import { createLatest } from './latest.js';
import { decodeMappings, throughPieces } from './mappings.js';
import { declaredNames } from './names.js';
import { parse, programOf } from './parse.js';
import { isGlobal, PLACES } from './rename.js';
import { rewrite } from './rewrite.js';

/** TypeScript of a cell → what the user process evaluates; one emitter for each such process. */
export interface Emitter {
  /**
   * Needs no checked cell: it may be at work while the check is. undefined for a cell with decorators or JSX, as long
   * as it is not told which ones; throws a SyntaxError that a check would have found.
   */
  emit(code: string, options?: ProjectOptions): Script | undefined;
  /** The cell runs: its names hide globals from now on. */
  commit(code: string): void;
}

interface Draft extends Script {
  /** The names of all cells up to this one that hide a global. */
  readonly hides: ReadonlySet<string>;
  /** How many names had done so before. */
  readonly hidden: number;
}

export const createEmitter = (): Emitter => {
  let hiding: ReadonlySet<string> = new Set();
  const drafts = createLatest<Draft>();

  const draft = (code: string, options?: ProjectOptions): Draft | undefined => {
    const parsed = parse(code);
    const program = programOf(parsed);
    const lowered = needsLowering(program);
    if ((lowered || parsed.jsx) && options === undefined) return undefined;
    const own = declaredNames(program).map(({ name }) => name);
    const hides = new Set([...hiding, ...own.filter(isGlobal)]);
    const erased = eraseCell(code, { lowered, jsx: parsed.jsx, options });
    const names = new Set([...hides, ...PLACES.filter(name => code.includes(name))]);
    return { ...rewritten(erased, names), hides, hidden: hiding.size };
  };

  return {
    emit(code, options) {
      const known = drafts.get(code);
      // Names only ever come to hide globals: where the number is the same, so are they.
      if (known?.hidden === hiding.size) return known;
      const made = draft(code, options);
      if (made) drafts.set(code, made);
      return made;
    },
    commit(code) {
      hiding = drafts.get(code)?.hides ?? hiding;
    },
  };
};

/** Types are erased; now the top level is rewritten. */
const rewritten = (cell: ErasedCell, names: ReadonlySet<string>): Script => {
  const { code: erased, map, endsInExpression } = cell;
  const program = programOf(parseSync('cell.mjs', erased, { lang: 'js', sourceType: 'module' }));
  const { script, names: declared } = rewrite(program, erased, { names, endsInExpression });
  const mappings = throughPieces(decodeMappings(map.mappings, erased), script);
  return { js: script.text(), names: declared, mappings };
};
