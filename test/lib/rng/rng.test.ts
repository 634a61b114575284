import '../../support/backend.js';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { memory, type Tensor } from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { block, type Counter, type Key } from '../../../lib/rng/philox.js';
import { philox } from '../../../lib/rng/rng.js';

interface Reference {
  rows: { key: Key; counter: Counter; normal: number[]; uniform: number[]; uniform64: number[] }[];
  knownAnswers: { counter: Counter; key: Key; words: number[] }[];
}
const reference: Reference = JSON.parse(readFileSync(new URL('reference.json', import.meta.url), 'utf8'));

const read = (x: Tensor): number[] => {
  const values = Array.from(x.dataSync());
  x.dispose();
  return values;
};

test('Philox gives the known answers of Random123', () => {
  for (const { key, counter, words } of reference.knownAnswers) {
    const out = new Uint32Array(4);
    block(key, counter, out);
    assert.deepEqual(Array.from(out), words);
  }
});

test('a seed is the low and the high word of the key', () => {
  assert.deepEqual(philox(1).state(), { key: [1, 0], counter: [0, 0, 0, 0] });
  assert.deepEqual(philox(3 * 2 ** 32 + 5).state().key, [5, 3]);
});

test('streams equal the stateless operations of TensorFlow, with carries through the counter', () => {
  for (const { key, counter, normal, uniform, uniform64 } of reference.rows) {
    const n = normal.length;
    const at = () => philox({ key, counter });
    assert.deepEqual(read(at().uniform([n])), uniform);
    assert.deepEqual(Array.from(at().uniforms(n)), uniform64);
    for (const values of [read(at().normal([n])), Array.from(at().normals(n))]) {
      values.forEach((z, i) => {
        const error = Math.abs(z - normal[i]!);
        assert.ok(error <= 4 * 2 ** -24 * Math.max(Math.abs(z), 0.1), `${z} against ${normal[i]}`);
      });
    }
  }
});

test('a stream goes on bit for bit from its state, and the state survives JSON', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.array(fc.nat(9), { maxLength: 5 }), (seed, draws) => {
      const rng = philox(seed);
      for (const n of draws) rng.normals(n);
      const again = philox(JSON.parse(JSON.stringify(rng.state())));
      assert.deepEqual(again.normals(7), rng.normals(7));
      assert.deepEqual(again.uniforms(3), rng.uniforms(3));
      assert.deepEqual(again.state(), rng.state());
    }),
  );
});

test('folded streams differ from each other and from their parent, whatever was drawn before', () => {
  const rng = philox(1);
  const before = rng.fold(5).normals(4);
  rng.normals(100);
  assert.deepEqual(rng.fold(5).normals(4), before);
  const streams = [philox(1), philox(2), rng.fold(0), rng.fold(5), rng.fold(5).fold(0), rng.fold(2 ** 32)];
  assert.equal(new Set(streams.map(s => s.normals(4).join())).size, streams.length);
});

test('the key of a folded stream is no part of its parent’s stream', () => {
  const parent = philox(7);
  for (let label = 0; label < 20; label++) {
    const drawn = new Uint32Array(4);
    block(parent.state().key, [label, 0, 0, 0], drawn);
    assert.notDeepEqual(parent.fold(label).state().key, Array.from(drawn.subarray(0, 2)));
  }
});

test('moments of each distribution lie within 5 standard errors, and streams are uncorrelated', () => {
  const n = 100_000;
  const rng = philox(20);
  const mean = (values: ArrayLike<number>, f = (v: number) => v) =>
    Array.from(values).reduce((sum, v) => sum + f(v), 0) / values.length;
  const close = (value: number, expected: number, sd: number) =>
    assert.ok(Math.abs(value - expected) < (5 * sd) / Math.sqrt(n), `${value} against ${expected}`);
  const z = rng.normals(n);
  close(mean(z), 0, 1);
  close(
    mean(z, v => v * v),
    1,
    Math.sqrt(2),
  );
  close(
    mean(z, v => v ** 4),
    3,
    Math.sqrt(96),
  );
  const other = rng.fold(1).normals(n);
  close(mean(z.map((v, i) => v * other[i]!)), 0, 1);
  const u = rng.uniforms(n);
  close(mean(u), 1 / 2, Math.sqrt(1 / 12));
  close(
    mean(u, v => v * v),
    1 / 3,
    Math.sqrt(4 / 45),
  );
  const sign = read(rng.rademacher([n]));
  assert.deepEqual(new Set(sign), new Set([-1, 1]));
  close(mean(sign), 0, 1);
  const k = rng.integers(n, 10);
  for (let digit = 0; digit < 10; digit++)
    close(
      mean(k, v => Number(v === digit)),
      0.1,
      0.3,
    );
});

test('draws leave no tensor behind and refuse impossible arguments', () => {
  const before = memory().numTensors;
  const rng = philox(3);
  for (const x of [rng.normal([2, 3]), rng.uniform([4]), rng.rademacher([5, 1])]) x.dispose();
  assert.equal(memory().numTensors, before);
  assert.throws(() => philox(-1), /seed is -1/);
  assert.throws(() => philox(0.5), /seed is 0.5/);
  assert.throws(() => philox(JSON.parse('{"key":[1],"counter":[0,0,0,0]}')), /the state of a random stream/);
  assert.throws(() => rng.fold(-3), /label is -3/);
  assert.throws(() => rng.integers(2, 0), /below is 0/);
});
