import { JSDOM } from 'jsdom';
import { pageBox } from '../../../notebooks/figure/boxes.js';
import { type Box, textMeasure } from '../../../notebooks/figure/measure.js';

const measure = textMeasure();

/** Line boxes have room above and below the letters: boxes may touch by this much before letters do. */
const SLACK = 3;

const overlap = (a: Box, b: Box): boolean =>
  Math.min(a.right, b.right) - Math.max(a.left, b.left) > SLACK &&
  Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > SLACK;

const describe = ({ text, box }: { text: string; box: Box }): string =>
  `“${text}” at ${[box.left, box.top, box.right, box.bottom].map(Math.round)}`;

const hidden = (el: Element | null): boolean =>
  el !== null &&
  (/(?:^|;)\s*(?:opacity:\s*0|display:\s*none)\s*(?:;|$)/.test(el.getAttribute('style') ?? '') ||
    hidden(el.parentElement));

/** What a reader would stumble over in a drawing: texts cut off at its edge, and texts on top of each other. */
export const layoutFaults = (svg: string): string[] => {
  const { document } = new JSDOM(svg, { contentType: 'image/svg+xml' }).window;
  const root = document.documentElement;
  const [width, height] = [Number(root.getAttribute('width')), Number(root.getAttribute('height'))];
  const texts = [...document.querySelectorAll('text')]
    .filter(el => el.textContent?.trim() && !hidden(el))
    .map(el => ({ text: el.textContent ?? '', box: pageBox(el, measure) }));
  const cut = texts.filter(
    ({ box }) => box.left < -1 || box.right > width + 1 || box.top < -SLACK || box.bottom > height + SLACK,
  );
  const crossing = texts.flatMap((a, i) =>
    texts.slice(i + 1).flatMap(b => (overlap(a.box, b.box) ? [`${describe(a)} lies over ${describe(b)}`] : [])),
  );
  return [...cut.map(each => `${describe(each)} is cut off: the drawing is ${width} × ${height}`), ...crossing];
};
