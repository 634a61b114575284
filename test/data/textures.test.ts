import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textures } from '../../data/textures.js';
import { philox } from '../../lib/rng/rng.js';

const { images } = textures(400, philox(1));
const value = (n: number, y: number, x: number) => images.get(n, y, x, 0) / 127.5 - 1;

test('textures have one seed, one set', () => {
  assert.deepEqual(textures(2, philox(3)).images.data, textures(2, philox(3)).images.data);
  assert.notDeepEqual(textures(2, philox(3)).images.data, textures(2, philox(4)).images.data);
});

test('neighbours share all squares but the smallest, and far pixels only the largest', () => {
  const correlation = (y: number, x: number): number => {
    let [both, one] = [0, 0];
    for (let n = 0; n < 400; n++) {
      both += value(n, 0, 0) * value(n, y, x);
      one += (value(n, 0, 0) ** 2 + value(n, y, x) ** 2) / 2;
    }
    return both / one;
  };
  const total = 0.09 + 0.0576 + 0.0324 + 0.0144 + 0.0064 + 0.0025;
  // Standard error of a correlation of 400 pairs: (1 − ρ²)/20, and clipping moves it by less than .01.
  assert.ok(Math.abs(correlation(0, 1) - (total - 0.0025) / total) < 0.02);
  assert.ok(Math.abs(correlation(31, 31) - 0.09 / total) < 0.25);
  assert.ok(correlation(0, 1) > correlation(0, 4) && correlation(0, 4) > correlation(0, 31));
});
