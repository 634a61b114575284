import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { quantise } from '../../../notebooks/figure/palette.js';

const opaque = (colours: readonly (readonly number[])[]): Uint8Array =>
  Uint8Array.from(colours.flatMap(([r = 0, g = 0, b = 0]) => [r, g, b, 255]));

test('a handful of distant colours is kept exactly, and white stays white', () => {
  const colours = [
    [255, 255, 255],
    [0, 114, 178],
    [213, 94, 0],
    [255, 255, 255],
  ];
  const { pixels, colours: kept } = quantise(opaque(colours));
  assert.deepEqual(
    Array.from(pixels, i => [...kept[i]!]),
    colours,
  );
});

test('every pixel keeps its colour to within its cell while the palette suffices', () => {
  const channel = fc.integer({ min: 0, max: 255 });
  fc.assert(
    fc.property(fc.array(fc.tuple(channel, channel, channel), { minLength: 1, maxLength: 200 }), colours => {
      const { pixels, colours: kept } = quantise(opaque(colours));
      pixels.forEach((index, i) => {
        for (const c of [0, 1, 2]) assert.ok(Math.abs(kept[index]![c]! - colours[i]![c]!) < 4);
      });
    }),
    { numRuns: 20 },
  );
});

test('a smooth ramp of 4096 colours fits into the limit with small errors', () => {
  const ramp = Array.from({ length: 4096 }, (_, i) => [i >> 4, 255 - (i >> 4), (i * 7) & 63]);
  const { pixels, colours } = quantise(opaque(ramp));
  assert.ok(colours.length <= 256);
  const error = ramp.map((c, i) => Math.max(...colours[pixels[i]!]!.map((v, k) => Math.abs(v - c[k]!))));
  assert.ok(Math.max(...error) <= 24, `worst error ${Math.max(...error)}`);
});
