import { type ParseResult, parseSync } from 'oxc-parser';
import type { Node } from './ast.js';

/** TypeScript of a cell → its syntax tree, with what is wrong in it. */
export const parse = (code: string): ParseResult =>
  parseSync('cell.ts', code, { lang: 'ts', sourceType: 'module', astType: 'ts' });

export const programOf = (parsed: ParseResult): Node => parsed.program as unknown as Node;
