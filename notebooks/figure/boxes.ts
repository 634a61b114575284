import { ASCENT, type Box, box, DESCENT, type Measure, type TextStyle, union } from './measure.js';
import { numbers, pathPoints } from './paths.js';

/** An affine map (x, y) ↦ (a x + c y + e, b x + d y + f). */
type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

const identity: Affine = [1, 0, 0, 1, 0, 0];

const times = (m: Affine, n: Affine): Affine => [
  m[0] * n[0] + m[2] * n[1],
  m[1] * n[0] + m[3] * n[1],
  m[0] * n[2] + m[2] * n[3],
  m[1] * n[2] + m[3] * n[3],
  m[0] * n[4] + m[2] * n[5] + m[4],
  m[1] * n[4] + m[3] * n[5] + m[5],
];

const rotation = ([degrees = 0, x = 0, y = 0]: number[]): Affine => {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [cos, sin, -sin, cos, x - cos * x + sin * y, y - sin * x - cos * y];
};

const makers: Readonly<Record<string, (v: number[]) => Affine>> = {
  translate: ([x = 0, y = 0]) => [1, 0, 0, 1, x, y],
  scale: ([x = 1, y = x]) => [x, 0, 0, y, 0, 0],
  rotate: rotation,
  matrix: ([a = 1, b = 0, c = 0, d = 1, e = 0, f = 0]) => [a, b, c, d, e, f],
};

const transformOf = (el: Element): Affine =>
  [...(el.getAttribute('transform') ?? '').matchAll(/(\w+)\s*\(([^)]*)\)/g)].reduce<Affine>(
    (m, [, name = '', args = '']) => times(m, makers[name]?.(numbers(args)) ?? identity),
    identity,
  );

const mapped = (b: Box, m: Affine): Box => {
  const corners = [
    [b.left, b.top],
    [b.right, b.top],
    [b.left, b.bottom],
    [b.right, b.bottom],
  ] as const;
  return union(
    corners.map(([x, y]) => {
      const [u, v] = [m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5]];
      return box(u, v, u, v);
    }),
  );
};

const attribute = (el: Element, name: string): number => Number.parseFloat(el.getAttribute(name) ?? '') || 0;

const declared = (el: Element, property: string): string | undefined =>
  new RegExp(`(?:^|;)\\s*${property}\\s*:\\s*([^;]+)`).exec(el.getAttribute('style') ?? '')?.[1]?.trim() ??
  el.getAttribute(property) ??
  undefined;

const styleOf = (el: Element, inherited: TextStyle): TextStyle => {
  const size = declared(el, 'font-size');
  const weight = declared(el, 'font-weight');
  const slant = declared(el, 'font-style');
  return {
    size:
      size === undefined
        ? inherited.size
        : size.endsWith('%')
          ? (Number.parseFloat(size) / 100) * inherited.size
          : Number.parseFloat(size),
    bold: weight === undefined ? inherited.bold : weight === 'bold' || Number(weight) >= 600,
    italic: slant === undefined ? inherited.italic : slant !== 'normal',
  };
};

const contextStyle = (el: Element | null): TextStyle =>
  el === null ? { size: 12, bold: false, italic: false } : styleOf(el, contextStyle(el.parentElement));

const em = (value: string, size: number): number => Number.parseFloat(value) * (value.endsWith('em') ? size : 1) || 0;

/** Walks text as a pen does: `x` restarts a line, `dy` moves the baseline, text nodes advance. */
const textBox = (root: Element, measure: Measure): Box => {
  const anchor = { middle: 0.5, end: 1 }[declared(root, 'text-anchor') ?? ''] ?? 0;
  const lines: { boxes: Box[]; start: number }[] = [];
  let [x, y] = [0, 0];
  const walk = (el: Element, inherited: TextStyle): void => {
    const style = styleOf(el, inherited);
    if (el.hasAttribute('x') || lines.length === 0) {
      x = attribute(el, 'x');
      lines.push({ boxes: [], start: x });
    }
    if (el.hasAttribute('y')) y = attribute(el, 'y');
    x += em(el.getAttribute('dx') ?? '', style.size);
    y += em(el.getAttribute('dy') ?? '', style.size);
    for (const child of el.childNodes) {
      if (child.nodeType === 1) walk(child as Element, style);
      if (child.nodeType !== 3) continue;
      const width = measure(child.textContent ?? '', style);
      lines.at(-1)?.boxes.push(box(x, y - ASCENT * style.size, x + width, y + DESCENT * style.size));
      x += width;
    }
  };
  walk(root, contextStyle(root.parentElement));
  const shifted = lines.flatMap(({ boxes, start }) => {
    const shift = anchor * (union(boxes).right - start);
    return boxes.map(b => box(b.left - shift, b.top, b.right - shift, b.bottom));
  });
  return union(shifted.filter(b => b.width > 0));
};

const sized = (el: Element): Box => {
  const [x, y] = [attribute(el, 'x'), attribute(el, 'y')];
  return box(x, y, x + attribute(el, 'width'), y + attribute(el, 'height'));
};

const round = (el: Element): Box => {
  const [x, y] = [attribute(el, 'cx'), attribute(el, 'cy')];
  const [rx, ry] = [attribute(el, 'r') || attribute(el, 'rx'), attribute(el, 'r') || attribute(el, 'ry')];
  return box(x - rx, y - ry, x + rx, y + ry);
};

const local: Readonly<Record<string, (el: Element, measure: Measure) => Box>> = {
  text: textBox,
  tspan: textBox,
  path: el => union(pathPoints(el.getAttribute('d') ?? '').map(([x, y]) => box(x, y, x, y))),
  rect: sized,
  image: sized,
  svg: sized,
  circle: round,
  ellipse: round,
};

/** The element's box in its own coordinates (SVG's getBBox). */
export const ownBox = (el: Element, measure: Measure): Box =>
  local[el.localName]?.(el, measure) ??
  union(
    [...el.children]
      .map(child => mapped(ownBox(child, measure), transformOf(child)))
      .filter(b => b.width + b.height > 0),
  );

/** The element's box after its own and all ancestors' transforms (getBoundingClientRect, up to a common offset). */
export const pageBox = (el: Element, measure: Measure): Box => {
  let m = identity;
  for (let at: Element | null = el; at !== null; at = at.parentElement) {
    m = times(transformOf(at), m);
    if (at !== el && at.localName === 'svg') m = times([1, 0, 0, 1, attribute(at, 'x'), attribute(at, 'y')], m);
  }
  return mapped(ownBox(el, measure), m);
};
