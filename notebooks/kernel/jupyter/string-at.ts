/** The string literal that is open at an offset, as far as one line shows it. */
export interface OpenString {
  /** Where its text begins. */
  readonly start: number;
  /** Up to the offset. */
  readonly text: string;
  /** Whether it names a module. */
  readonly module: boolean;
}

const TOKENS = /\/\/.*|\/\*.*?\*\/|(["'`])(?:[^\\]|\\.)*?\1|(["'`])((?:[^\\]|\\.)*)$/g;
const MODULE = /(?:\bfrom|\bimport|\b(?:import|require|reload)\s*\()\s*$/;

export const stringAt = (code: string, offset: number): OpenString | undefined => {
  const begin = code.lastIndexOf('\n', offset - 1) + 1;
  const line = code.slice(begin, offset);
  for (const { index = 0, 2: quote, 3: text } of line.matchAll(TOKENS)) {
    if (quote === undefined || text === undefined) continue;
    return { start: begin + index + 1, text, module: MODULE.test(line.slice(0, index)) };
  }
  return undefined;
};
