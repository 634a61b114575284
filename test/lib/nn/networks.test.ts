import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  grads,
  mul,
  reshape,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor,
  tensor1d,
  tidy,
  zeros,
} from '@tensorflow/tfjs-core';
import { dropout } from '../../../lib/nn/dropout.js';
import { mlp } from '../../../lib/nn/mlp.js';
import { type Network, parameterCount } from '../../../lib/nn/network.js';
import { type UnetConfig, unet } from '../../../lib/nn/unet.js';
import { philox } from '../../../lib/rng/rng.js';
import { slow } from '../../support/slow.js';
import { leavesNothing, near, take } from '../../support/tensors.js';

const small: UnetConfig = {
  channels: 2,
  width: 4,
  multipliers: [1, 2],
  blocks: 1,
  attention: [1],
  groups: 2,
  patch: 1,
  embedding: 8,
};

/** Replaces the zeros that a network starts from, so that every parameter matters. */
const stir = (network: Pick<Network<unknown>, 'parameters'>): void => {
  const rng = philox(77);
  for (const p of network.parameters.values()) {
    if (!p.trainable) continue;
    tidy(() =>
      p.assign(
        tensor(
          rng.normals(p.size).map(z => z * 0.3),
          p.shape,
        ),
      ),
    );
  }
};

/** `every` thins out the parameters that are checked one by one. */
const networks = {
  'mlp on points': () => ({
    network: mlp({ event: [2], width: 8, layers: 2, embedding: 8 }, philox(1)),
    event: [2],
    every: 1,
  }),
  'mlp, Fourier features': () => ({
    network: mlp({ event: [3, 2], width: 8, layers: 1, embedding: 8, fourierScale: 1, classes: 3 }, philox(1)),
    event: [3, 2],
    every: 1,
  }),
  'U-Net': () => ({ network: unet(small, philox(1)), event: [8, 4, 2], every: 1 }),
  'U-Net with patches and two blocks': () => ({
    network: unet({ ...small, patch: 2, blocks: 2, classes: 3 }, philox(1)),
    event: [8, 8, 2],
    every: 5,
  }),
};

for (const [name, make] of Object.entries(networks)) {
  test(`${name}: keeps the shape, starts at 0, depends on the time, and treats rows alone`, () => {
    const { network, event } = make();
    const x = philox(3).normal([3, ...event]);
    const labels = tensor1d([0.1, 0.5, 2]);
    assert.ok(take(network.apply(x, labels)).every(v => v === 0));
    stir(network);
    const whole = network.apply(x, labels);
    assert.deepEqual(whole.shape, [3, ...event]);
    const values = take(whole);
    const size = values.length / 3;
    const second = tensor(Array.from(x.dataSync()).slice(size, 2 * size), [1, ...event]);
    near(take(network.apply(second, tensor1d([0.5]))), values.slice(size, 2 * size), 1e-4);
    const later = take(network.apply(second, tensor1d([1.5])));
    assert.ok(later.some((v, i) => Math.abs(v - values[size + i]!) > 1e-3));
    leavesNothing(() => network.apply(x, labels).dispose());
    network.dispose();
  });

  test(`${name}: its gradients with respect to its parameters and the input are those of finite differences`, {
    skip: name.startsWith('U-Net') && slow('two evaluations a parameter'),
  }, () => {
    const { network, event, every } = make();
    stir(network);
    const rng = philox(4);
    const [x, probe, labels] = [rng.normal([2, ...event]), rng.normal([2, ...event]), tensor1d([0.3, 0.8])];
    const classes = tensor1d([0, 2], 'int32');
    const of = (input: Tensor) => sum(mul(network.apply(input, labels, { classes }), probe));
    const trained = [...network.parameters].filter(([, p]) => p.trainable);
    const all = grads((input: Tensor) => of(input));
    const [dx] = all([x]);
    const slope = grads(() => of(x))(trained.map(([, p]) => p as Tensor));
    assert.equal(slope.length, trained.length);
    /** Along one random direction: (f(θ + hd) − f(θ − hd))/2h against ⟨∇f, d⟩. */
    const compare = (what: string, gradient: Tensor, value: Tensor, set: (v: Tensor) => Tensor) => {
      const d = rng.normal(value.shape);
      const h = 1e-2;
      const at = (sign: number) => tidy(() => set(sub(value, mul(-sign * h, d)))).dataSync()[0]!;
      const numeric = (at(1) - at(-1)) / (2 * h);
      const exact = tidy(() => sum(mul(gradient, d))).dataSync()[0]!;
      assert.ok(Math.abs(numeric - exact) < 0.02 * (1 + Math.abs(exact)), `${what}: ${exact}, numeric ${numeric}`);
    };
    compare('x', dx!, x, of);
    trained.forEach(([key, p], i) => {
      if (i % every !== 0) return;
      const first = reshape(p, p.shape).clone();
      compare(key, slope[i]!, first, v => {
        p.assign(v);
        return of(x);
      });
      p.assign(first);
    });
    network.dispose();
  });
}

test('classes change the output only when they are told', () => {
  const { network, event } = networks['U-Net with patches and two blocks']();
  stir(network);
  const [x, labels] = [philox(3).normal([2, ...event]), tensor1d([0.5, 0.5])];
  const told = (...ids: number[]) => take(network.apply(x, labels, { classes: tensor1d(ids, 'int32') as Tensor1D }));
  const differs = (a: number[], b: number[]) => a.some((v, i) => Math.abs(v - b[i]!) > 1e-3);
  assert.ok(differs(told(0, 0), told(1, 1)));
  assert.ok(differs(told(0, 0), told(3, 3)), 'the last class, none, has an embedding of its own');
  network.dispose();
});

test('dropout reaches the U-Net', () => {
  const { network, event } = networks['U-Net']();
  stir(network);
  const [x, labels] = [philox(3).normal([1, ...event]), tensor1d([0.5])];
  const run = () => take(network.apply(x, labels, { dropout: dropout(0.5, philox(1)) }));
  near(run(), run(), 0);
  assert.ok(run().some((v, i) => Math.abs(v - take(network.apply(x, labels))[i]!) > 1e-3));
  network.dispose();
});

test('parameters are counted and named, and images that do not fit are refused', () => {
  const network = unet(small, philox(1));
  assert.equal(
    parameterCount(network),
    [...network.parameters.values()].reduce((sum, p) => sum + p.size, 0),
  );
  assert.ok(network.parameters.has('enter.w') && network.parameters.has('leave.conv.w'));
  assert.throws(
    () => network.apply(zeros([1, 7, 8, 2]), tensor1d([0])),
    /the shape of x is \[1, 7, 8, 2\].*multiples of 2/,
  );
  assert.throws(() => network.apply(zeros([1, 8, 8, 1]), tensor1d([0])), /\[B, H, W, 2\]/);
  network.dispose();
  const fourier = mlp({ event: [2], width: 4, layers: 1, embedding: 8, fourierScale: 1 }, philox(1));
  assert.equal(
    parameterCount(fourier) + 4,
    [...fourier.parameters.values()].reduce((sum, p) => sum + p.size, 0),
  );
  fourier.dispose();
});
