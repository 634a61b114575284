import { stripVTControlCharacters } from 'node:util';
import type { ErrorOutput } from './nbformat.js';

/** How kernels name a cell's line: `cell 3:12:5`, `Cell In[3], line 12`, `<cell>.ts:12:5`, `(12,5)`. */
const PLACES = [
  /\bcell[^\n]*?,\s*line\s+(\d+)/i,
  /\bcell[\w\-.[\]#/ ]*?:(\d+):\d+/i,
  /\bline\s+(\d+)/i,
  /^[^\n(]*\((\d+),\d+\)/m,
  /^(\d+):\d+\s/m,
] as const;

/** The line of the cell's source that the error names, or undefined where it names none. */
export const errorLine = ({ evalue, traceback }: ErrorOutput, source: string): number | undefined => {
  const text = stripVTControlCharacters([...traceback, evalue].join('\n'));
  const count = source.split('\n').length;
  for (const place of PLACES) {
    const line = Number(place.exec(text)?.[1]);
    if (line >= 1 && line <= count) return line;
  }
  return undefined;
};
