import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import { encodePng, encodeRgb } from '../../../notebooks/figure/png.js';

/** Pixels as an independent decoder sees them. */
const decode = async (file: Uint8Array): Promise<{ width: number; height: number; rgb: number[] }> => {
  const image = await loadImage(Buffer.from(file));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  return { width: image.width, height: image.height, rgb: [...data].filter((_, i) => i % 4 !== 3) };
};

test('a palette image reads back as its colours', async () => {
  const pixels = Uint8Array.of(0, 1, 2, 2, 1, 0);
  const colours = [
    [255, 255, 255],
    [0, 114, 178],
    [213, 94, 0],
  ] as const;
  const { width, height, rgb } = await decode(encodePng({ pixels, colours }, 3, 2));
  assert.deepEqual([width, height], [3, 2]);
  assert.deepEqual(
    rgb,
    [...pixels].flatMap(i => [...colours[i]!]),
  );
});

test('grey and coloured pixels read back as they were', async () => {
  const grey = Uint8Array.of(0, 0, 0, 128, 128, 128, 255, 255, 255, 7, 7, 7);
  const colour = Uint8Array.of(1, 2, 3, 40, 50, 60, 255, 0, 0, 0, 0, 255);
  assert.deepEqual((await decode(encodeRgb(grey, 2, 2))).rgb, [...grey]);
  assert.deepEqual((await decode(encodeRgb(colour, 2, 2))).rgb, [...colour]);
});
