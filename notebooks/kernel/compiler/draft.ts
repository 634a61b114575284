import { parseSync } from 'oxc-parser';
import type { Mapping, Script } from '../link/protocol.js';
import type { ProjectOptions } from '../project/project-options.js';
import { type ErasedCell, eraseCell, needsLowering } from './erase.js';
import { reading } from './literal.js';
import { decodeMappings, throughPieces } from './mappings.js';
import { declaredNames } from './names.js';
import { parse, programOf } from './parse.js';
import { isGlobal, PLACES } from './rename.js';
import { rewrite } from './rewrite.js';

/** The script of a cell, and what it means for the cells after it. */
export interface Draft extends Script {
  /** The names of all cells up to this one that hide a global. */
  readonly hides: ReadonlySet<string>;
  /** How many names had done so before. */
  readonly hidden: number;
}

/** Undefined for a cell with decorators or JSX, as long as it is not told which ones. */
export const draft = (code: string, hiding: ReadonlySet<string>, options?: ProjectOptions): Draft | undefined => {
  const { text, column } = reading(code);
  const parsed = parse(text);
  const program = programOf(parsed);
  const lowered = needsLowering(program);
  if ((lowered || parsed.jsx) && options === undefined) return undefined;
  const own = declaredNames(program).map(({ name }) => name);
  const hides = new Set([...hiding, ...own.filter(isGlobal)]);
  const names = new Set([...hides, ...PLACES.filter(name => code.includes(name))]);
  const script = rewritten(eraseCell(text, { lowered, jsx: parsed.jsx, options }), names);
  const mappings = script.mappings.map(([at, line, col]): Mapping => [at, line, column(line, col)]);
  return { ...script, mappings, hides, hidden: hiding.size };
};

/** Types are erased; now the top level is rewritten. */
const rewritten = (cell: ErasedCell, names: ReadonlySet<string>): Script => {
  const { code: erased, map, endsInExpression } = cell;
  const program = programOf(parseSync('cell.mjs', erased, { lang: 'js', sourceType: 'module' }));
  const { script, names: declared } = rewrite(program, erased, { names, endsInExpression });
  const mappings = throughPieces(decodeMappings(map.mappings, erased), script);
  return { js: script.text(), names: declared, mappings };
};
