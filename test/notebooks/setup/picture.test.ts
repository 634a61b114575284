import '../../support/backend.js';
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import ndarray from 'ndarray';
import { decode } from '../../../data/decode.js';
import { examine, loadDigitClassifier } from '../../../data/digit-classifier.js';
import { confidentShare } from '../../../lib/metrics/index.js';
import { pictureOf } from '../../../notebooks/setup/picture.js';
import { codeNotebook } from '../../support/notebook.js';

const FILE = '.github/samples.png';
const [SIDE, COUNT, PITCH, MARGIN, ZOOM] = [28, 64, 30, 8, 2];

/** The digits of a sheet of eight by eight as notebook 19 draws it, in [−1, 1]. */
async function digitsOf(png: Uint8Array): Promise<Float32Array> {
  const width = ZOOM * (8 * PITCH - 2) + 2 * MARGIN;
  const bytes = await decode(png, image => image.greyscale());
  assert.equal(bytes.length, width * width, 'the picture has another size');
  return Float32Array.from({ length: COUNT * SIDE * SIDE }, (_, i) => {
    const [n, y, x] = [Math.floor(i / SIDE ** 2), Math.floor(i / SIDE) % SIDE, i % SIDE];
    const [top, left] = [PITCH * Math.floor(n / 8) + y, PITCH * (n % 8) + x].map(v => MARGIN + ZOOM * v);
    return bytes[top! * width + left!]! / 127.5 - 1;
  });
}

test('the README says of how many of its 64 digits the classifier is sure, and how they were drawn', async () => {
  const png = readFileSync(FILE);
  assert.ok(png.length <= 60_000, `${png.length} bytes`);
  const { logits } = examine(loadDigitClassifier(), ndarray(await digitsOf(png), [COUNT, SIDE, SIDE, 1]));
  const classes = Array.from({ length: COUNT }, (_, i) => i % 10);
  const sure = COUNT * confidentShare(logits, { classes });
  const readme = readFileSync('README.md', 'utf8');
  assert.ok(readme.includes(`](${FILE})`));
  assert.ok(readme.includes(`sure of ${sure} of the 64`), `the classifier is sure of ${sure}`);
  const steps = /steps: full \? (\d+)/.exec(readFileSync('notebooks/19-digits.ipynb', 'utf8'))?.[1];
  assert.ok(readme.includes(`${steps} training steps`), `notebook 19 trains for ${steps} steps at full scale`);
});

test('notebook 19 holds one picture with the tag that make samples takes', () => {
  assert.ok(pictureOf('notebooks/19-digits.ipynb', 'samples').length > 1000);
});

test('a notebook without that picture is an error', () => {
  const file = join(tmpdir(), `picture-${process.pid}.ipynb`);
  writeFileSync(file, codeNotebook(['1']));
  try {
    assert.throws(() => pictureOf(file, 'samples'), /0 pictures in cells with the tag "samples", and one is needed/);
  } finally {
    rmSync(file);
  }
});
