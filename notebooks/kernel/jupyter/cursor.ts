/** Jupyter counts cursor positions in Unicode code points, JavaScript in UTF-16 units. */
export const toUtf16 = (code: string, points: number): number => {
  let units = 0;
  for (const point of code) {
    if (points-- <= 0) break;
    units += point.length;
  }
  return units;
};

export const toPoints = (code: string, units: number): number => [...code.slice(0, units)].length;

const WORD_END = /[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;
const WORD_START = /^[\p{ID_Continue}$]*/u;

/** The identifier around an offset, in UTF-16 units; empty (start = end) between words. */
export const wordAt = (code: string, offset: number): { start: number; end: number } => {
  const before = WORD_END.exec(code.slice(0, offset))?.[0].length ?? 0;
  const after = WORD_START.exec(code.slice(offset))?.[0].length ?? 0;
  return { start: offset - before, end: offset + after };
};
