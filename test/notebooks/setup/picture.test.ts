import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pictureOf } from '../../../notebooks/setup/picture.js';
import { codeNotebook } from '../../support/notebook.js';

const FILE = '.github/samples.png';

test('the README shows the picture that notebook 19 holds, and says how it was made', () => {
  const picture = pictureOf('notebooks/19-digits.ipynb', 'samples');
  assert.ok(Buffer.compare(readFileSync(FILE), picture) === 0, `${FILE} is another picture: make refresh`);
  assert.ok(picture.length <= 60_000, `${picture.length} bytes`);
  const readme = readFileSync('README.md', 'utf8');
  assert.ok(readme.includes(`](${FILE})`));
  const steps = /(\d+) steps in all/.exec(readFileSync('notebooks/19-digits.ipynb', 'utf8'))?.[1];
  assert.ok(readme.includes(`${steps} training steps`), `the README has another number of steps than ${steps}`);
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
