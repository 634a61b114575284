import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from '@napi-rs/canvas';
import ndarray from 'ndarray';
import { type ImageGridOptions, type Images, imageGrid } from '../../../notebooks/figure/images.js';

const sheet = async (images: Images, columns: number, options?: ImageGridOptions) => {
  const source = String(imageGrid(images, columns, {}, options).data[0]?.source);
  const image = await loadImage(Buffer.from(source.slice(source.indexOf(',') + 1), 'base64'));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const at = (x: number, y: number) => [...context.getImageData(x, y, 1, 1).data.slice(0, 3)];
  return { width: image.width, height: image.height, at };
};

test('image n is in row ⌊n/columns⌋ and column n mod columns, on white', async () => {
  const images = ndarray(
    Float32Array.from({ length: 5 * 4 }, (_, i) => Math.floor(i / 4) / 10),
    [5, 2, 2],
  );
  const { width, height, at } = await sheet(images, 3, { gap: 1 });
  assert.deepEqual([width, height], [8, 5]);
  for (let n = 0; n < 5; n++) {
    const grey = Math.round((255 * n) / 10);
    assert.deepEqual(at((n % 3) * 3, Math.floor(n / 3) * 3), [grey, grey, grey]);
  }
  assert.deepEqual(at(2, 0), [255, 255, 255]);
  assert.deepEqual(at(7, 4), [255, 255, 255]);
});

test('the range maps to black and white and clips beyond', async () => {
  const image = ndarray(Float32Array.of(-3, -1, 0, 1, 5, 0), [1, 6]);
  const { at } = await sheet([image], 1, { range: [-1, 1] });
  assert.deepEqual(
    [0, 1, 2, 3, 4].map(x => at(x, 0)[0]),
    [0, 0, 128, 255, 255],
  );
});

test('channels last are colours, and a view is read through its strides', async () => {
  const image = ndarray(Uint8Array.of(255, 0, 0, 0, 255, 0), [1, 2, 3]);
  const { at } = await sheet([image.step(1, -1, 1)], 1, { range: [0, 255] });
  assert.deepEqual(at(0, 0), [0, 255, 0]);
  assert.deepEqual(at(1, 0), [255, 0, 0]);
});

test('shapes that are no images are named in the error', () => {
  assert.throws(() => imageGrid([ndarray(new Float32Array(8), [2, 2, 2])], 1), /\[2,2,2\].*\[height, width/);
  assert.throws(() => imageGrid(ndarray(new Float32Array(8), [2, 4]), 1), /\[2,4\].*\[N, height, width\]/);
});
