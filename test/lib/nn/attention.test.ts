import '../../support/backend.js';
import { test } from 'node:test';
import { tensor } from '@tensorflow/tfjs-core';
import { attention } from '../../../lib/nn/attention.js';
import { groupNorm } from '../../../lib/nn/norm.js';
import { parameterScope } from '../../../lib/nn/scope.js';
import { philox } from '../../../lib/rng/rng.js';
import { near, take } from '../../support/tensors.js';

/** Rows of c numbers. */
const rows = (list: readonly number[], c: number): number[][] =>
  Array.from({ length: list.length / c }, (_, i) => list.slice(i * c, (i + 1) * c));
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((sum, v, i) => sum + v * b[i]!, 0);

test('attention adds softmax(q kᵀ/√C) v of the normalised pixels, image by image', () => {
  const [n, h, w, c] = [2, 2, 3, 4];
  const rng = philox(6);
  const { scope, parameters } = parameterScope(rng);
  const layer = attention(scope, c, 2);
  for (const p of parameters.values()) p.assign(tensor(rng.normals(p.size), p.shape));
  const read = (name: string) => Array.from(parameters.get(name)!.dataSync());
  const affine = (x: number[], name: string, outputs: number) =>
    read(`${name}.b`).map(
      (bias, j) =>
        bias +
        dot(
          x,
          x.map((_, i) => read(`${name}.w`)[i * outputs + j]!),
        ),
    );
  const other = parameterScope(rng);
  const norm = groupNorm(other.scope, c, 2);
  for (const [name, p] of other.parameters) p.assign(parameters.get(`norm.${name}`)!);

  const x = tensor(rng.normals(n * h * w * c), [n, h, w, c]);
  const pixels = rows(take(norm(x)), c).map(pixel => affine(pixel, 'qkv', 3 * c));
  const before = rows(Array.from(x.dataSync()), c);
  const expected = pixels.flatMap((pixel, i) => {
    const image = pixels.slice(Math.floor(i / (h * w)) * h * w, (Math.floor(i / (h * w)) + 1) * h * w);
    const q = pixel.slice(0, c);
    const weights = image.map(other => Math.exp(dot(q, other.slice(c, 2 * c)) / Math.sqrt(c)));
    const total = weights.reduce((a, b) => a + b);
    const mixed = q.map(
      (_, j) =>
        dot(
          weights,
          image.map(o => o[2 * c + j]!),
        ) / total,
    );
    return affine(mixed, 'out', c).map((v, j) => v + before[i]![j]!);
  });
  near(take(layer(x)), expected, 1e-4);
});
