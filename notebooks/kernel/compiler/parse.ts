import { type ParseResult, parseSync } from 'oxc-parser';
import type { Node } from './ast.js';

export interface Parsed extends ParseResult {
  /** Whether the cell is right only as TypeScript with JSX, where `<T>x` is no cast. */
  readonly jsx: boolean;
}

/** TypeScript of a cell → its syntax tree, with what is wrong in it. */
export const parse = (code: string): Parsed => {
  const plain = parsed(code, 'ts');
  if (plain.errors.length === 0 || !code.includes('<')) return withJsx(plain, false);
  const other = parsed(code, 'tsx');
  return other.errors.length === 0 ? withJsx(other, true) : withJsx(plain, false);
};

const parsed = (code: string, lang: 'ts' | 'tsx') =>
  parseSync(`cell.${lang}`, code, { lang, sourceType: 'module', astType: 'ts' });

/** What the parser gives are getters, which make their value when it is asked for. */
const withJsx = (result: ParseResult, jsx: boolean): Parsed => Object.assign(result, { jsx });

export const programOf = (parsed: ParseResult): Node => parsed.program as unknown as Node;
