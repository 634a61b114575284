import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { memory, tensor, tidy } from '@tensorflow/tfjs-core';
import { sizeOf } from '../../../lib/math/index.js';
import { type Inception, inception } from '../../../lib/models/index.js';
import { float32, type Stored } from '../../../lib/train/index.js';
import { backend } from '../../support/backend.js';

/** Numbers in [0, 1) by the last steps of MurmurHash3 over name and place, as inception.py makes them. */
const uniform = (name: string, count: number): Float64Array => {
  let seed = 2166136261;
  for (const byte of Buffer.from(name)) seed = Math.imul(seed ^ byte, 16777619);
  return Float64Array.from({ length: count }, (_, i) => {
    let h = Math.imul(i, 2654435761) ^ seed;
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  });
};

const value = (name: string, shape: readonly number[]): Stored => {
  const u = uniform(name, sizeOf(shape));
  if (name.endsWith('conv.weight')) {
    const width = Math.sqrt(6 / sizeOf(shape.slice(1)));
    return float32(
      Float32Array.from(u, v => (2 * v - 1) * width),
      shape,
    );
  }
  const centred = /bn\.(bias|running_mean)$/.test(name);
  return float32(
    Float32Array.from(u, v => (centred ? (v - 0.5) / 2 : 0.5 + v)),
    shape,
  );
};

interface Reference {
  /** Names and shapes of all arrays. */
  readonly arrays: Readonly<Record<string, number[]>>;
  /** Every 16th feature of images that are made of their names. */
  readonly images: Readonly<Record<string, { shape: number[]; features: number[] }>>;
}
const reference: Reference = JSON.parse(readFileSync(new URL('inception.json', import.meta.url), 'utf8'));
const skip = backend !== 'tensorflow' && 'minutes in plain JavaScript';

let arrays = new Map<string, Stored>();
let network: Inception;
before(() => {
  if (skip) return;
  arrays = new Map(Object.entries(reference.arrays).map(([name, shape]) => [name, value(name, shape)]));
  network = inception(arrays);
});

test('features are those of pytorch-fid from the same weights, for images enlarged and made smaller', { skip }, () => {
  for (const [name, { shape, features }] of Object.entries(reference.images)) {
    const x = tensor(Float32Array.from(uniform(name, sizeOf(shape))), shape);
    const found = tidy(() => network.features(x).dataSync());
    assert.equal(found.length, 2048);
    const scale = Math.max(...features);
    features.forEach((want, i) => {
      assert.ok(Math.abs(found[16 * i]! - want) < 1e-4 * scale, `${name} ${16 * i}: ${found[16 * i]}, ${want}`);
    });
    x.dispose();
  }
});

test('an array that is missing, of another shape, or of no layer is named, and nothing is left behind', {
  skip,
}, () => {
  const tensors = memory().numTensors;
  const changed = (name: string, to?: Stored) => {
    const other = new Map(arrays);
    if (to) other.set(name, to);
    else other.delete(name);
    return () => inception(other);
  };
  const name = 'Mixed_6c.branch7x7_2.conv.weight';
  assert.throws(changed(name), /the array is "Mixed_6c\.branch7x7_2\.conv\.weight": it is missing/);
  assert.throws(
    changed(name, value(name, [160, 160, 7, 1])),
    /Mixed_6c\.branch7x7_2\.conv\.weight is \[160, 160, 7, 1\]/,
  );
  assert.throws(changed('Mixed_8a.conv.weight', value('', [1])), /Mixed_8a\.conv\.weight.*no such layer/);
  assert.equal(memory().numTensors, tensors);
  network.dispose();
  assert.equal(memory().numTensors, tensors - network.parameters.size);
});
