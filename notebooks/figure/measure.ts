import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { fontFiles } from './fonts.js';

/** An axis-aligned rectangle, with the members that DOMRect has. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export const box = (left: number, top: number, right: number, bottom: number): Box => ({
  x: left,
  y: top,
  width: right - left,
  height: bottom - top,
  left,
  top,
  right,
  bottom,
});

/** The smallest rectangle around all of them; a point at the origin for none. */
export const union = (boxes: readonly Box[]): Box =>
  boxes.length === 0
    ? box(0, 0, 0, 0)
    : box(
        Math.min(...boxes.map(b => b.left)),
        Math.min(...boxes.map(b => b.top)),
        Math.max(...boxes.map(b => b.right)),
        Math.max(...boxes.map(b => b.bottom)),
      );

/** What of a font decides a text's size. */
export interface TextStyle {
  readonly size: number;
  readonly bold: boolean;
  readonly italic: boolean;
}

/** The family under which the measuring canvas knows the fonts that the rasteriser draws with. */
const FAMILY = 'figure-sans';
/** Line box of DejaVu Sans above and below the baseline, in em. */
export const ASCENT = 0.928;
export const DESCENT = 0.236;

/** Advance width in pixels of a run of text in one style. */
export type Measure = (text: string, style: TextStyle) => number;

/** A measure backed by the fonts that ship with the project, so that a bare machine gives the same layout. */
export const textMeasure = (): Measure => {
  for (const file of fontFiles()) GlobalFonts.registerFromPath(file, FAMILY);
  const context: SKRSContext2D = createCanvas(1, 1).getContext('2d');
  const known = new Map<string, number>();
  return (text, { size, bold, italic }) => {
    const font = `${italic ? 'italic ' : ''}${bold ? 'bold ' : ''}${size}px ${FAMILY}`;
    const key = `${font}\n${text}`;
    const cached = known.get(key);
    if (cached !== undefined) return cached;
    context.font = font;
    const width = context.measureText(text).width;
    known.set(key, width);
    return width;
  };
};
