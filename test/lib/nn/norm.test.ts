import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  add,
  grad,
  grads,
  moments,
  mul,
  reshape,
  rsqrt,
  sub,
  sum,
  type Tensor,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import { groupNorm } from '../../../lib/nn/norm.js';
import { parameterScope } from '../../../lib/nn/scope.js';
import { philox } from '../../../lib/rng/rng.js';

const [n, h, w, channels, groups] = [3, 4, 2, 6, 2];
const rng = philox(5);
const { scope, parameters } = parameterScope(rng);
const layer = groupNorm(scope, channels, groups);
for (const p of parameters.values()) p.assign(tensor(rng.normals(channels), [channels]));
const [scale, shift] = [parameters.get('scale')!, parameters.get('shift')!];
const x = tensor(rng.normals(n * h * w * channels), [n, h, w, channels]);
const probe = tensor(rng.normals(x.size), x.shape);

/** The definition, from plain operations. */
const plain = (y: Tensor, a: Tensor, b: Tensor): Tensor => {
  const split = reshape(y, [n, h * w, groups, channels / groups]);
  const { mean, variance } = moments(split, [1, 3], true);
  return add(mul(reshape(mul(sub(split, mean), rsqrt(add(variance, 1e-5))), y.shape), a), b);
};

const near = (a: Tensor, b: Tensor, tolerance = 1e-5) => {
  const expected = b.dataSync();
  a.dataSync().forEach((v, i) => {
    assert.ok(Math.abs(v - expected[i]!) < tolerance * (1 + Math.abs(expected[i]!)), `${v}, not ${expected[i]}`);
  });
};

test('group normalisation is its definition: each group has mean 0 and variance 1 before scale and shift', () => {
  near(layer(x), plain(x, scale, shift));
  const far = add(mul(x, 0.1), 30); // a mean that is large beside the spread
  near(layer(far), plain(far, scale, shift), 1e-3);
});

test('its own gradients are those of the definition, for the input, the scale and the shift', () => {
  const expected = grads((y: Tensor, a: Tensor, b: Tensor) => sum(mul(plain(y, a, b), probe)))([x, scale, shift]);
  near(grad(y => sum(mul(layer(y), probe)))(x), expected[0]!);
  const { scale: s, shift: t } = tidy(() => {
    const both = grads(() => sum(mul(layer(x), probe)));
    const [ds, dt] = both([scale, shift]);
    return { scale: ds!, shift: dt! };
  });
  near(s, expected[1]!);
  near(t, expected[2]!);
});

test('its second derivative is that of the definition', () => {
  const direction = tensor(rng.normals(x.size), x.shape);
  const second = (f: (y: Tensor) => Tensor) =>
    grad(y => sum(mul(grad(z => sum(mul(mul(f(z), f(z)), probe)))(y), direction)))(x);
  near(
    second(layer),
    second(y => plain(y, scale, shift)),
    1e-4,
  );
});

test('groups that do not divide the channels are refused', () => {
  assert.throws(() => groupNorm(scope.at('other'), 6, 4), /groups is 4: it has to divide the 6 channels/);
});
