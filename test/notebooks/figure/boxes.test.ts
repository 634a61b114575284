import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import { ownBox, pageBox } from '../../../notebooks/figure/boxes.js';
import { ASCENT, DESCENT, type Measure } from '../../../notebooks/figure/measure.js';

/** Every character is half an em wide, so that widths can be computed by hand. */
const measure: Measure = (text, { size }) => (text.length * size) / 2;

const element = (markup: string, selector: string): Element => {
  const { document } = new JSDOM(`<body><svg>${markup}</svg></body>`).window;
  return document.querySelector(selector)!;
};

const near = (a: number, b: number) => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

test('text is as wide as its characters and as tall as the line', () => {
  const b = ownBox(element('<text x="10" y="20" style="font-size: 10px">abcd</text>', 'text'), measure);
  assert.deepEqual([b.left, b.width], [10, 20]);
  near(b.top, 20 - ASCENT * 10);
  near(b.bottom, 20 + DESCENT * 10);
});

test('the anchor moves text by half or all of its width', () => {
  for (const [anchor, left] of [
    ['start', 0],
    ['middle', -10],
    ['end', -20],
  ] as const) {
    const text = element(`<text style="font-size: 10px" text-anchor="${anchor}">abcd</text>`, 'text');
    assert.equal(ownBox(text, measure).left, left);
  }
});

test('a subscript is smaller, lower, and makes the box taller', () => {
  const plain = ownBox(element('<text style="font-size:10px">x</text>', 'text'), measure);
  const sub = '<text style="font-size:10px">x<tspan style="font-size:70%" dy="0.3em">t</tspan></text>';
  const b = ownBox(element(sub, 'text'), measure);
  near(b.width, 5 + 3.5);
  assert.ok(b.bottom > plain.bottom);
});

test('lines that restart at x make the box as wide as the widest', () => {
  const lines = '<tspan class="line" x="0" dy="0em">abcdef</tspan><tspan class="line" x="0" dy="1.3em">ab</tspan>';
  const b = ownBox(element(`<text style="font-size:10px">${lines}</text>`, 'text'), measure);
  near(b.width, 30);
  near(b.height, 13 + (ASCENT + DESCENT) * 10);
});

test('a quarter turn swaps width and height', () => {
  const rect = element(
    '<g transform="translate(100,0)"><rect width="40" height="10" transform="rotate(90)"/></g>',
    'rect',
  );
  const b = pageBox(rect, measure);
  near(b.left, 90);
  near(b.right, 100);
  near(b.height, 40);
});

test('a rotation about a point leaves that point in place', () => {
  const b = pageBox(element('<rect x="5" y="5" width="0" height="0" transform="rotate(30,5,5)"/>', 'rect'), measure);
  near(b.left, 5);
  near(b.top, 5);
});

test('a group spans its children, moved as they are', () => {
  const g = element('<g><circle cx="0" cy="0" r="2"/><path d="M0,0h10v4" transform="translate(1,1)"/></g>', 'g');
  const { left, top, right, bottom } = ownBox(g, measure);
  assert.deepEqual([left, top, right, bottom], [-2, -2, 11, 5]);
});
