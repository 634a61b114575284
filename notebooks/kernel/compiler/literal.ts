import { parse } from './parse.js';

/**
 * A cell that is an object literal and nothing else, `{ a: 1, b: 2 }`, would be a block to JavaScript. As in Node's own
 * REPL it is read as the object where it can be, and no semicolon ends it.
 */
export interface Reading {
  readonly text: string;
  /** The column in the cell of a place in the text; both from 0. */
  column(line: number, column: number): number;
}

export const reading = (code: string): Reading => {
  const asItIs = { text: code, column: (_: number, column: number) => column };
  if (!/^\s*\{/.test(code) || /;\s*$/.test(code)) return asItIs;
  const text = `${code.replace('{', '({')}\n)`;
  if (parse(text).errors.length > 0) return asItIs;
  const before = code.slice(0, code.indexOf('{')).split('\n');
  const [row, at] = [before.length - 1, before.at(-1)!.length];
  return { text, column: (line, column) => (line === row && column > at ? column - 1 : column) };
};

/** Whether more text could make an object of it. */
export const opensObject = (code: string): boolean => /^\s*\{/.test(code);
