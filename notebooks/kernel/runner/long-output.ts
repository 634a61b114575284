import type { Output } from './record/nbformat.js';

/** An output of a cell, with the id under which later messages may replace it. */
export interface Entry {
  readonly output: Output;
  readonly id?: string | undefined;
  /** In place of printed text: how many characters are left out. */
  readonly gap?: number;
}

/** So many characters are kept of what a cell prints, at its beginning and at its end. */
const HEAD = 1_000_000;
const TAIL = 1_000_000;
export const KEPT = HEAD + TAIL;

const printed = ({ output, gap }: Entry): string =>
  gap === undefined && output.output_type === 'stream' ? output.text : '';

export const printedSize = (entries: readonly Entry[]): number =>
  entries.reduce((sum, entry) => sum + printed(entry).length, 0);

/** A place in a text that is not inside a character. */
const whole = (text: string, at: number): number => (/[\uDC00-\uDFFF]/.test(text.charAt(at)) ? at + 1 : at);

/** A piece with memory of its own: V8's slice would keep the text that it is a piece of. */
const piece = (text: string, from: number, to: number): string =>
  Buffer.from(text.slice(from, to), 'utf16le').toString('utf16le');

/** A stream's entry without what lies between two places of its text. */
const cut = (entry: Entry, from: number, to: number): { before: Entry[]; after: Entry[]; left: number } => {
  const { output } = entry;
  const text = printed(entry);
  if (output.output_type !== 'stream' || from >= text.length) return { before: [entry], after: [], left: 0 };
  if (to <= 0) return { before: [], after: [entry], left: 0 };
  const [a, b] = [whole(text, Math.max(0, from)), whole(text, Math.min(to, text.length))];
  const part = (start: number, end: number): Entry[] =>
    start < end ? [{ ...entry, output: { ...output, text: piece(text, start, end) } }] : [];
  return { before: part(0, a), after: part(b, text.length), left: b - a };
};

/**
 * Takes the middle out of what a cell has printed too much of; displays between stay. What follows may be added, and
 * the result shortened again: the beginning, the end and the number of characters left out are those of the whole.
 */
export const shortened = (entries: readonly Entry[]): readonly Entry[] => {
  const size = printedSize(entries);
  const known = entries.findIndex(({ gap }) => gap !== undefined);
  const from = known < 0 ? HEAD : printedSize(entries.slice(0, known));
  const to = size - TAIL;
  if (known < 0 ? size <= KEPT : to <= from) return entries;
  const before: Entry[] = [];
  const after: Entry[] = [];
  let gap = entries[known]?.gap ?? 0;
  let name: 'stdout' | 'stderr' = 'stdout';
  let at = 0;
  for (const entry of entries) {
    if (entry.gap !== undefined) continue;
    const { length } = printed(entry);
    if (length === 0) {
      (at < from ? before : after).push(entry);
      continue;
    }
    const parts = cut(entry, from - at, to - at);
    if (parts.left > 0 && entry.output.output_type === 'stream') name = entry.output.name;
    before.push(...parts.before);
    after.push(...parts.after);
    gap += parts.left;
    at += length;
  }
  return [...before, { output: { output_type: 'stream', name, text: '' }, gap }, ...after];
};

const notice = (gap: number): string => `\n… ${gap.toLocaleString('en')} characters left out …\n`;

/** The outputs, with a word in the place of what is left out; what is of one stream is one output. */
export const readable = (entries: readonly Entry[]): Output[] => {
  const outputs: Output[] = [];
  for (const { output, gap } of entries) {
    const last = outputs.at(-1);
    if (output.output_type !== 'stream') outputs.push(output);
    else {
      const text = gap === undefined ? output.text : notice(gap);
      const joins = last?.output_type === 'stream' && last.name === output.name;
      if (joins) outputs[outputs.length - 1] = { ...last, text: last.text + text };
      else outputs.push({ ...output, text });
    }
  }
  return outputs;
};
