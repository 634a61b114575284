import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import sharp from 'sharp';
import { loadFolder } from '../../data/image-folder.js';
import { philox } from '../../lib/rng/rng.js';
import { MUTATIONS, mutate } from './mutations.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'images-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const put = (file: string, bytes: Uint8Array | string): void => {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), bytes);
};

/** An image of raw pixels, [height, width, channels]. */
const image = (pixels: Uint8Array, width: number, channels: 1 | 3 | 4 = 3) =>
  sharp(pixels, { raw: { width, height: pixels.length / width / channels, channels } });

/** One colour everywhere. */
const plain = (color: readonly number[], side = 8) =>
  image(
    Uint8Array.from({ length: side * side * color.length }, (_, i) => color[i % color.length]!),
    side,
    color.length as 3,
  );

const noise = (n: number, label: number): Uint8Array => Uint8Array.from(philox(label).integers(n, 256));
const first = ({ images }: { images: { data: Uint8Array } }, n = 3): number[] => [...images.data.subarray(0, n)];

test('folders are classes in the order of their names, and what lies deeper belongs to them', async () => {
  put('b/1.png', await plain([1, 2, 3]).png().toBuffer());
  put('a/deep/2.webp', await plain([10, 20, 30]).webp({ lossless: true }).toBuffer());
  put('a-b/3.jpeg', await plain([200, 200, 200]).jpeg().toBuffer());
  put('a/1.PNG', await plain([5, 6, 7]).png().toBuffer());
  const { images, labels, classes, files, leftOut } = await loadFolder(folder, { size: 4 });
  assert.deepEqual(images.shape, [4, 4, 4, 3]);
  assert.deepEqual(classes, ['a', 'a-b', 'b']);
  assert.deepEqual(files, ['a-b/3.jpeg', 'a/1.PNG', 'a/deep/2.webp', 'b/1.png']);
  assert.deepEqual([...labels.data], [1, 0, 0, 2]);
  assert.deepEqual(
    [0, 1, 2, 3].map(n => [0, 1, 2].map(c => images.get(n, 3, 2, c))),
    [
      [200, 200, 200],
      [5, 6, 7],
      [10, 20, 30],
      [1, 2, 3],
    ],
  );
  assert.deepEqual(leftOut, []);
});

test('a folder without folders is one class', async () => {
  put('x.png', await plain([1, 2, 3]).png().toBuffer());
  const { classes, labels } = await loadFolder(`${folder}/`, { size: 4 });
  assert.deepEqual([classes.length, labels.get(0)], [1, 0]);
  assert.match(folder, new RegExp(`${classes[0]}$`));
});

test('an image of the wanted size comes bit for bit, in each lossless format', async () => {
  const pixels = noise(16 * 16 * 3, 1);
  put('a/1.png', await image(pixels, 16).png().toBuffer());
  put('a/2.webp', await image(pixels, 16).webp({ lossless: true }).toBuffer());
  put('a/3.png', await image(pixels, 16).png({ progressive: true }).toBuffer());
  const { images } = await loadFolder(folder, { size: 16 });
  assert.deepEqual(images.data, Uint8Array.from([...pixels, ...pixels, ...pixels]));
});

test('the middle square is kept: of a wide image the sides go, of a high one top and bottom', async () => {
  const thirds = Uint8Array.from({ length: 24 * 8 * 3 }, (_, i) => 100 * Math.floor((Math.floor(i / 3) % 24) / 8));
  put('a/wide.png', await image(thirds, 24).png().toBuffer());
  put('a/high.png', await image(thirds, 24).rotate(90).png().toBuffer());
  const { images } = await loadFolder(folder, { size: 8 });
  assert.ok(images.data.every(value => value === 100));
});

test('a photo is turned upright', async () => {
  const halves = Uint8Array.from({ length: 8 * 8 * 3 }, (_, i) => (Math.floor(i / 24) < 4 ? 0 : 255)); // dark above
  put('a/turned.png', await image(halves, 8).withMetadata({ orientation: 6 }).png().toBuffer()); // to be turned right
  const { images } = await loadFolder(folder, { size: 8 });
  assert.deepEqual([images.get(0, 4, 0, 0), images.get(0, 4, 7, 0)], [255, 0]);
});

test('grey, 16-bit and palette images come as RGB, and all come as grey where that is wanted', async () => {
  put('a/1-grey.png', await image(new Uint8Array(64).fill(77), 8, 1).toColourspace('b-w').png().toBuffer());
  const deep = sharp(new Uint16Array(192).fill(77 * 257), { raw: { width: 8, height: 8, channels: 3 } });
  put('a/2-deep.png', await deep.toColourspace('rgb16').png().toBuffer());
  put('a/3-palette.png', await plain([77, 77, 77]).png({ palette: true }).toBuffer());
  const rgb = await loadFolder(folder, { size: 8 });
  const grey = await loadFolder(folder, { size: 8, channels: 1 });
  assert.deepEqual(
    [rgb.images.shape, grey.images.shape],
    [
      [3, 8, 8, 3],
      [3, 8, 8, 1],
    ],
  );
  for (const { images } of [rgb, grey]) assert.ok(images.data.every(value => Math.abs(value - 77) <= 1)); // of 16 bits
});

test('what is transparent needs a background, an alpha channel that hides nothing does not', async () => {
  put('a/1.png', await plain([10, 20, 30, 255]).png().toBuffer());
  assert.deepEqual(first(await loadFolder(folder, { size: 8 })), [10, 20, 30]);
  put('a/0.png', await plain([10, 20, 30, 0]).png().toBuffer());
  await assert.rejects(
    loadFolder(folder, { size: 8 }),
    /: no use for a\/0\.png \(has transparent pixels: name a background\)/,
  );
  assert.deepEqual(first(await loadFolder(folder, { size: 8, background: '#fff' })), [255, 255, 255]);
});

test('damaged and foreign files are named and refused, or left out when asked', async () => {
  const jpeg = await image(noise(32 * 32 * 3, 2), 32)
    .jpeg()
    .toBuffer();
  const frames = await sharp([await plain([1, 2, 3]).png().toBuffer(), await plain([99, 0, 255]).png().toBuffer()], {
    join: { animated: true },
  })
    .webp()
    .toBuffer();
  put('a/good.jpg', jpeg);
  const bad: Record<string, [Uint8Array | string, RegExp]> = {
    '.DS_Store': ['x', /^lies in no folder of a class$/],
    'a/empty.png': ['', /^no PNG, JPEG or WebP image$/],
    'a/half.jpg': [jpeg.subarray(0, jpeg.length / 2), /premature end of JPEG/],
    'a/moving.webp': [frames, /^2 frames found, 1 expected$/],
    'a/picture.gif': [await plain([1, 2, 3]).gif().toBuffer(), /^no PNG, JPEG or WebP image$/],
    'a/picture.png': ['<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', /^no PNG, JPEG or WebP image$/],
  };
  for (const [file, [bytes, reason]] of Object.entries(bad)) {
    put(file, bytes);
    await assert.rejects(loadFolder(folder, { size: 8 }), (error: Error) => {
      assert.ok(error.message.startsWith(`${folder}: no use for ${file} (`), error.message);
      assert.match(error.message, /\); take that away, or pass unusable: 'leave out'$/);
      return true;
    });
    const { files, leftOut } = await loadFolder(folder, { size: 8, unusable: 'leave out' });
    assert.deepEqual([files, leftOut.map(each => each.file)], [['a/good.jpg'], [file]]);
    assert.match(leftOut[0]!.reason, reason);
    rmSync(join(folder, file));
  }
  symlinkSync(folder, join(folder, 'a/link'));
  await assert.rejects(loadFolder(folder, { size: 8 }), /a\/link \(no regular file\)/);
});

test('a folder that is not there, or holds no image, and a size that is none are named', async () => {
  await assert.rejects(
    loadFolder(join(folder, 'no'), { size: 8 }),
    /no: cannot be read \(ENOENT\); name a folder of images/,
  );
  await assert.rejects(loadFolder(folder, { size: 8 }), /no PNG, JPEG or WebP image found among 0 files/);
  await assert.rejects(loadFolder(folder, { size: 0 }), /size is 0: give an integer from 1/);
});

test('of many damaged images each is left out with a reason, or has pixels: those of the original where the format has checksums', async () => {
  const pixels = noise(16 * 16 * 3, 3);
  const rng = philox(4);
  const wholes = {
    png: await image(pixels, 16).png().toBuffer(),
    jpg: await image(pixels, 16).jpeg().toBuffer(),
    webp: await image(pixels, 16).webp().toBuffer(),
  };
  const kinds = Object.keys(wholes) as (keyof typeof wholes)[];
  for (let i = 0; i < MUTATIONS; i++) put(`a/${i}.${kinds[i % 3]}`, mutate(wholes[kinds[i % 3]!], rng.fold(i)));
  const { images, files, leftOut } = await loadFolder(folder, { size: 16, unusable: 'leave out' });
  assert.equal(files.length + leftOut.length, MUTATIONS);
  assert.equal(images.data.length, files.length * pixels.length);
  for (const { reason } of leftOut) assert.ok(reason.length > 5);
  files.forEach((file, i) => {
    if (file.endsWith('png')) assert.deepEqual(images.data.subarray(i * 768, (i + 1) * 768), pixels, file);
  });
  assert.ok(files.length > 0.05 * MUTATIONS && leftOut.length > 0.5 * MUTATIONS, `${files.length} loaded`);
});
