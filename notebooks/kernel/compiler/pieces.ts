/** Text assembled from copies of a source and insertions, which remembers where each copied character came from. */
export interface Pieces {
  copy(start: number, end: number): void;
  insert(text: string): void;
  text(): string;
  /** Offset in the source of an offset in the text; an insertion maps to the copy that follows it, or the end. */
  sourceOffset(offset: number): number;
  /** Offset in the text of an offset in the source, or -1 where that character was not copied. */
  textOffset(offset: number): number;
}

interface Piece {
  readonly at: number;
  readonly length: number;
  /** Start of a copy in the source; undefined for an insertion. */
  readonly start: number | undefined;
}

export const pieces = (source: string): Pieces => {
  const parts: string[] = [];
  const spans: Piece[] = [];
  let length = 0;
  const push = (text: string, start: number | undefined) => {
    if (text === '') return;
    parts.push(text);
    spans.push({ at: length, length: text.length, start });
    length += text.length;
  };
  return {
    copy: (start, end) => push(source.slice(start, end), start),
    insert: text => push(text, undefined),
    text: () => parts.join(''),
    sourceOffset(offset) {
      const index = spans.findIndex(({ at, length }) => offset < at + length);
      if (index < 0) return source.length;
      const span = spans[index]!;
      if (span.start !== undefined) return span.start + offset - span.at;
      return spans.slice(index).find(({ start }) => start !== undefined)?.start ?? source.length;
    },
    textOffset(offset) {
      const span = spans.find(({ start, length }) => start !== undefined && offset >= start && offset < start + length);
      return span === undefined ? -1 : span.at + offset - span.start!;
    },
  };
};

/** Replacements in a source, in order of their start: everything else is copied. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const applyEdits = (source: string, edits: readonly Edit[]): Pieces => {
  const out = pieces(source);
  copyEdited(out, 0, source.length, edits);
  return out;
};

/** Copies source[start, end) with those of the edits that lie within it. */
export const copyEdited = (out: Pieces, start: number, end: number, edits: readonly Edit[]): void => {
  let from = start;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < from || edit.end > end) continue;
    out.copy(from, edit.start);
    out.insert(edit.text);
    from = edit.end;
  }
  out.copy(from, end);
};

/** Line starts of a text, for offset ↔ (line, column), both counted from 0. */
export const lineStarts = (text: string): number[] => {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
};

export const lineOf = (starts: readonly number[], offset: number): number => {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
};

/** Line and column of an offset, both from 1. */
export const placeOf = (text: string, offset: number): { line: number; column: number } => {
  const starts = lineStarts(text);
  const line = lineOf(starts, offset);
  return { line: line + 1, column: offset - starts[line]! + 1 };
};
