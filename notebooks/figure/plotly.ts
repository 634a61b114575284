import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import type { DOMWindow } from 'jsdom';
import { packageFile } from '../files/root.js';
import type { FigureSpec } from './types.js';

/** The part of Plotly's API that Node uses. */
export interface Plotly {
  toImage(
    figure: FigureSpec,
    options: { format: 'svg'; width: number; height: number; imageDataOnly: true },
  ): Promise<string>;
}

/** Globals that Plotly's bundle reads without `window.`; as parameters they stay out of Node's global object. */
const GLOBALS = [
  'window self document navigator location module exports define Image CSS XMLSerializer DOMParser',
  'getComputedStyle requestAnimationFrame cancelAnimationFrame HTMLElement SVGElement Element Node MutationObserver',
]
  .join(' ')
  .split(' ');

const globalsOf = (window: DOMWindow, module: { exports: unknown }): unknown[] => {
  const own: Record<string, unknown> = { window, self: window, module, exports: module.exports, define: undefined };
  const of = window as unknown as Record<string, unknown>;
  return GLOBALS.map(name => {
    if (name in own) return own[name];
    const value = of[name];
    return typeof value === 'function' && /^[a-z]/.test(name) ? value.bind(window) : value;
  });
};

/** Evaluates plotly.js-dist against the given window. About half a second: keep the result. */
export const loadPlotly = (window: DOMWindow): Plotly => {
  const file = packageFile('plotly.js-dist/plotly.js');
  const module: { exports: unknown } = { exports: {} };
  compileFunction(readFileSync(file, 'utf8'), GLOBALS, { filename: file })(...globalsOf(window, module));
  return module.exports as Plotly;
};
