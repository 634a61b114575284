import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { isCode } from './nbformat.js';
import type { CellRun, NotebookRun } from './result-types.js';

/** 83 ms, 4.21 s, 3 min 05 s, 2 h 04 min. */
export const duration = (ms: number): string => {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toPrecision(3)} s`;
  const s = Math.round(ms / 1000);
  if (s < 3600) return `${Math.floor(s / 60)} min ${String(s % 60).padStart(2, '0')} s`;
  const m = Math.round(s / 60);
  return `${Math.floor(m / 60)} h ${String(m % 60).padStart(2, '0')} min`;
};

/** 312 MB, 1.42 GB. */
export const bytes = (n: number): string => (n < 1e9 ? `${Math.round(n / 1e6)} MB` : `${(n / 1e9).toFixed(2)} GB`);

export const nameOf = (file: string): string => basename(file, '.ipynb');

/** The parameters that a run was given: `seed 1, scale "full"`. */
export const parametersOf = ({ parameters = {} }: Pick<NotebookRun, 'parameters'>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? value : JSON.stringify(value)}`)
    .join(', ');

/** Cells are numbered as in the file, Markdown included, from 1. */
export const cellNumber = ({ index }: { readonly index: number }): number => index + 1;

/** The lines of source around the failing one, with numbers. */
export const excerpt = (source: string, line: number | undefined, around = 2): string[] => {
  const lines = source.split('\n');
  const [from, to] = line === undefined ? [1, Math.min(6, lines.length)] : [line - around, line + around];
  return lines.flatMap((text, i) => {
    const n = i + 1;
    if (n < from || n > to) return [];
    return [`${n === line ? '>' : ' '} ${String(n).padStart(4)} | ${text}`];
  });
};

const TRACE_LINES = 20;

/** Where and why a cell failed: notebook, cell, line, source, error. */
export const failure = ({ file, notebook }: Pick<NotebookRun, 'file' | 'notebook'>, run: CellRun): string => {
  const cell = notebook.cells[run.index];
  const code = notebook.cells.slice(0, run.index + 1).filter(isCode).length;
  const place = `${file}, cell ${cellNumber(run)} (code cell ${code})${run.line ? `, line ${run.line}` : ''}`;
  const trace = stripVTControlCharacters(run.error?.traceback.join('\n') ?? '').split('\n');
  const detail = trace.some(line => line.trim() !== '') && trace.slice(0, TRACE_LINES);
  return [place, ...excerpt(cell?.source ?? '', run.line), '', run.reason ?? run.status, ...(detail || [])].join('\n');
};
