import { stripVTControlCharacters } from 'node:util';
import type { ErrorOutput } from './record/nbformat.js';

/** This project's kernel names places as `cell [3]:12:5`, where 3 counts the cells that it ran. */
const OWN = /\bcell \[(\d+)\]:(\d+):\d+/g;

/** Other kernels: `Cell In[3], line 12`, `<cell>.ts:12:5`, `(12,5): error`. */
const OTHERS = [
  /\bcell[^\n]*?,\s*line\s+(\d+)/i,
  /\bline\s+(\d+)/i,
  /^[^\n(]*\((\d+),\d+\)/m,
  /^(\d+):\d+\s/m,
] as const;

/**
 * The line of the cell's source that the error names, or undefined where it names none.
 * @param ran how many cells the kernel has run, this one included
 */
export const errorLine = ({ evalue, traceback }: ErrorOutput, source: string, ran: number): number | undefined => {
  const text = stripVTControlCharacters([...traceback, evalue].join('\n'));
  const own = [...text.matchAll(OWN)];
  const found =
    own.length > 0
      ? own.find(([, cell]) => Number(cell) === ran)?.[2]
      : OTHERS.map(place => place.exec(text)?.[1]).find(line => line !== undefined);
  const line = Number(found);
  return line >= 1 && line <= source.split('\n').length ? line : undefined;
};
