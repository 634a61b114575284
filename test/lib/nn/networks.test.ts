import '../../support/backend.js';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  grads,
  mul,
  reshape,
  type Scalar,
  sub,
  sum,
  type Tensor,
  type Tensor1D,
  tensor,
  tensor1d,
  tidy,
  variableGrads,
  zeros,
} from '@tensorflow/tfjs-core';
import { dropout } from '../../../lib/nn/dropout.js';
import { mlp } from '../../../lib/nn/mlp.js';
import { type Network, parameterCount } from '../../../lib/nn/network.js';
import { type UnetConfig, unet } from '../../../lib/nn/unet.js';
import { philox } from '../../../lib/rng/rng.js';
import { networks, optionsOf } from '../../support/networks.js';
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

for (const [name, { event, make }] of Object.entries(networks)) {
  test(`${name}: keeps the shape, starts at 0, depends on the time, and treats rows alone`, () => {
    const network = make(philox(1));
    const x = philox(3).normal([3, ...event]);
    const labels = tensor1d([0.1, 0.5, 2]);
    assert.ok(take(network.apply(x, labels, optionsOf(name, 3))).every(v => v === 0));
    stir(network);
    const options = optionsOf(name, 3);
    const whole = network.apply(x, labels, options);
    assert.deepEqual(whole.shape, [3, ...event]);
    const values = take(whole);
    const size = values.length / 3;
    const second = tensor(Array.from(x.dataSync()).slice(size, 2 * size), [1, ...event]);
    const own = options.classes ? { classes: [1] } : {};
    near(take(network.apply(second, tensor1d([0.5]), own)), values.slice(size, 2 * size), 1e-4);
    const later = take(network.apply(second, tensor1d([1.5]), own));
    assert.ok(later.some((v, i) => Math.abs(v - values[size + i]!) > 1e-3));
    leavesNothing(() => network.apply(x, labels, options).dispose());
    network.dispose();
  });

  test(`${name}: its gradients with respect to its parameters and the input are those of finite differences`, {
    skip: name.startsWith('U-Net') && slow('two evaluations a parameter'),
  }, () => {
    const network = make(philox(1));
    stir(network);
    const rng = philox(4);
    const [x, probe, labels] = [rng.normal([2, ...event]), rng.normal([2, ...event]), tensor1d([0.3, 0.8])];
    const options = optionsOf(name, 2);
    const of = (input: Tensor) => sum(mul(network.apply(input, labels, options), probe));
    const trained = [...network.parameters].filter(([, p]) => p.trainable);
    const all = grads((input: Tensor) => of(input));
    const [dx] = all([x]);
    const { grads: found } = variableGrads(
      () => of(x) as Scalar,
      trained.map(([, p]) => p),
    );
    // The uncertainty of EDM2 has a function of its own: no parameter else is left out.
    const slope = trained.map(([key, p]) => found[p.name] ?? (key.startsWith('logvar') ? zeros(p.shape) : undefined));
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
    const every = Math.ceil(trained.length / 24); // the parameters of a large network are thinned out
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

/** A new network of this name, every parameter of which matters, and its event. */
const stirred = (name: string) => {
  const { event, make } = networks[name]!;
  const network = make(philox(1));
  stir(network);
  return { network, event };
};

test('classes change the output only when they are given', () => {
  const { network, event } = stirred('U-Net with classes');
  const [x, labels] = [philox(3).normal([2, ...event]), tensor1d([0.5, 0.5])];
  const of = (...ids: number[]) => take(network.apply(x, labels, { classes: tensor1d(ids, 'int32') as Tensor1D }));
  const differs = (a: number[], b: number[]) => a.some((v, i) => Math.abs(v - b[i]!) > 1e-3);
  assert.ok(differs(of(0, 0), of(1, 1)));
  assert.ok(differs(of(0, 0), of(3, 3)), 'the last class, none, has an embedding of its own');
  const classes = (list?: number[]) => () => network.apply(x, labels, list && { classes: list });
  assert.throws(classes(), /the classes for a network of 3 is undefined: give one per row; 3 stands for none/);
  assert.throws(classes([0, 9]), /classes\[1\] is 9: give an integer from 0 to 3/);
  assert.throws(classes([0]), /the shape of the classes is \[1\]: \[2\] is expected/);
  assert.ok(of(0, 9).slice(-1).every(Number.isNaN), 'in a tensor, what is no class makes its row NaN');
  network.dispose();
});

test('dropout reaches the U-Net', () => {
  const { network, event } = stirred('U-Net');
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
