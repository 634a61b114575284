import { type Canvas, createCanvas, Image } from '@napi-rs/canvas';
import { type DOMWindow, JSDOM } from 'jsdom';
import { ownBox, pageBox } from './boxes.js';
import { type Measure, textMeasure } from './measure.js';
import { pathLength, pathPoints, pointAlong } from './paths.js';

/** jsdom's <canvas> draws nothing; each element gets a real canvas of its size. */
const addCanvas = (window: DOMWindow): void => {
  const canvases = new WeakMap<HTMLCanvasElement, Canvas>();
  const canvasOf = (el: HTMLCanvasElement): Canvas => {
    const canvas = canvases.get(el) ?? createCanvas(el.width, el.height);
    canvases.set(el, canvas);
    if (canvas.width !== el.width) canvas.width = el.width;
    if (canvas.height !== el.height) canvas.height = el.height;
    return canvas;
  };
  Object.assign(window.HTMLCanvasElement.prototype, {
    // Plotly asks for webgl to see whether it is there; null says no.
    getContext(this: HTMLCanvasElement, kind: string) {
      return kind === '2d' ? canvasOf(this).getContext('2d') : null;
    },
    toDataURL(this: HTMLCanvasElement) {
      return canvasOf(this).toDataURL('image/png');
    },
  });
};

/** Plotly loads the source of an image trace through `new Image()` and `setAttribute('src', …)`. */
const imageClass = () =>
  class extends Image {
    setAttribute(name: string, value: string): void {
      if (name === 'src') this.src = Buffer.from(value.slice(value.indexOf(',') + 1), 'base64');
    }
  };

const addGeometry = (window: DOMWindow, measure: Measure): void => {
  Object.assign(window.SVGElement.prototype, {
    getBBox(this: Element) {
      return ownBox(this, measure);
    },
    getBoundingClientRect(this: Element) {
      return pageBox(this, measure);
    },
    getComputedTextLength(this: Element) {
      return ownBox(this, measure).width;
    },
    getTotalLength(this: Element) {
      return pathLength(pathPoints(this.getAttribute('d') ?? ''));
    },
    getPointAtLength(this: Element, length: number) {
      const [x, y] = pointAlong(pathPoints(this.getAttribute('d') ?? ''), length);
      return { x, y };
    },
  });
};

/** A window with what Plotly needs to draw SVG: geometry from font metrics, canvases, and refusals of the rest. */
export const drawingWindow = (): DOMWindow => {
  const { window } = new JSDOM('<!doctype html><body></body>', { pretendToBeVisual: true });
  addCanvas(window);
  addGeometry(window, textMeasure());
  Object.assign(window.URL, { createObjectURL: () => '' });
  Object.assign(window, {
    matchMedia: () => ({ matches: false, addListener: () => {}, addEventListener: () => {} }),
    CSS: { supports: () => false },
    Image: imageClass(),
  });
  return window;
};
