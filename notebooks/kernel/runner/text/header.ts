import { parse, stringify } from 'yaml';
import type { Metadata } from '../record/nbformat.js';

/** Metadata of a notebook as the comment that begins a file, in YAML under `jupyter`, as jupytext has it. */
export const writeHeader = (metadata: Metadata): string[] => {
  // As YAML 1.1 has it, which Python reads: `yes` is no text there.
  const text = stringify({ jupyter: metadata }, { version: '1.1', lineWidth: 0, blockQuote: false });
  return ['---', ...text.trimEnd().split('\n'), '---'].map(line => `// ${line}`);
};

export interface Header {
  readonly metadata?: Metadata;
  /** What else the comment holds, as it is written. */
  readonly other: readonly string[];
  /** How many lines of the file it takes. */
  readonly length: number;
}

const RULE = /^\/\/ ---\s*$/;
/** Of Emacs and Python. */
const ENCODING = /^\/\/ -\*- coding: [\w-]+ -\*-\s*$/;
const LINE = /^\/\/ ?(.*)$/;

/**
 * The header that a file begins with; one without a header has none of length 0.
 * @throws Error that says what is wrong in it
 */
export const readHeader = (lines: readonly string[]): Header => {
  const start = ENCODING.test(lines[0] ?? '') ? 1 : 0;
  const end = RULE.test(lines[start] ?? '') ? lines.findIndex((line, i) => i > start && RULE.test(line)) : -1;
  if (end < 0 || !lines.slice(start, end).every(line => LINE.test(line))) return { other: [], length: start };
  const inner = lines.slice(start + 1, end).map(line => LINE.exec(line)![1]!);
  const at = inner.findIndex(line => /^jupyter:/.test(line));
  if (at < 0) return { other: inner, length: end + 1 };
  const next = inner.findIndex((line, i) => i > at && /^\S/.test(line));
  const until = next < 0 ? inner.length : next;
  const { jupyter } = parse(inner.slice(at, until).join('\n'), { version: '1.1' }) as { jupyter: unknown };
  if (jupyter === null || typeof jupyter !== 'object' || Array.isArray(jupyter)) {
    throw new Error(`jupyter: in the header is ${JSON.stringify(jupyter)}, not a list of names and values`);
  }
  return { metadata: jupyter as Metadata, other: [...inner.slice(0, at), ...inner.slice(until)], length: end + 1 };
};
