import type { Mapping } from '../link/protocol.js';
import { lineStarts, type Pieces } from './pieces.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base-64 VLQ, as the `mappings` of a source map (version 3) hold it. */
export const decodeVlq = (segment: string): number[] => {
  const values: number[] = [];
  let value = 0;
  let shift = 0;
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    values.push(value & 1 ? -(value >> 1) : value >> 1);
    value = 0;
    shift = 0;
  }
  return values;
};

/** A source map's `mappings` → points, in the order of the generated text. */
export const decodeMappings = (mappings: string, generated: string): Mapping[] => {
  const starts = lineStarts(generated);
  const points: Mapping[] = [];
  let line = 0;
  let column = 0;
  mappings.split(';').forEach((segments, row) => {
    let at = 0;
    for (const segment of segments === '' ? [] : segments.split(',')) {
      const [across = 0, , down, along] = decodeVlq(segment);
      at += across;
      if (down === undefined || along === undefined) continue;
      line += down;
      column += along;
      points.push([starts[row]! + at, line, column]);
    }
  });
  return points;
};

/** Moves a map through a second rewriting of its generated text; points in dropped text go with it. */
export const throughPieces = (points: readonly Mapping[], rewritten: Pieces): Mapping[] =>
  points
    .map(([offset, line, column]): Mapping => [rewritten.textOffset(offset), line, column])
    .filter(([offset]) => offset >= 0)
    .sort((a, b) => a[0] - b[0]);
