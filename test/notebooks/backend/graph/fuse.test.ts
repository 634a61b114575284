import { deepEqual, ok } from 'node:assert/strict';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { philox } from '../../../../lib/rng/rng.js';
import { nativeBackend } from '../../../../notebooks/backend/graph/binding.js';
import { compile, parallel } from '../../../../notebooks/backend/graph/index.js';
import { skip } from './native.js';

type Rows = (x: tf.Tensor) => tf.Tensor;

/** Results of a function of rows, eager and compiled in parallel parts, with the operations of the compiled program. */
const both = (fn: Rows, x: tf.Tensor) => {
  const backend = nativeBackend()!;
  const { binding } = backend;
  const ops: string[] = [];
  const defineFunction: typeof binding.defineFunction = (name, graph, xla, threads) => {
    ops.push(...graph.nodes.map(node => node.op));
    binding.defineFunction(name, graph, xla, threads);
  };
  backend.binding = Object.create(binding, { defineFunction: { value: defineFunction } });
  try {
    const compiled = compile(parallel(fn, 2), { xla: false, report: message => ok(false, message) });
    const results = [1, 2, 3].map(() => compiled(x).dataSync());
    compiled.dispose();
    return { eager: fn(x).dataSync(), fused: results[2]!, ops };
  } finally {
    backend.binding = binding;
  }
};

/** @param scale numbers that are smaller may be off as much as this one: they are differences of larger ones */
const agree = (fn: Rows, x: tf.Tensor, scale = 1e-30, tolerance = 2e-6): string[] => {
  const { eager, fused, ops } = both(fn, x);
  eager.forEach((value, i) => {
    const near = Math.abs(value - fused[i]!) <= tolerance * Math.max(Math.abs(value), scale);
    ok(near || Object.is(value, fused[i]), `${fused[i]}, not ${value}, at ${i}`);
  });
  return ops;
};

const odd = [
  0,
  -0,
  1e-30,
  -1e-30,
  3,
  -3,
  40,
  -40,
  200,
  -200,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
];
const unary: Record<string, Rows> = {
  negation: tf.neg,
  square: tf.square,
  'square root': tf.sqrt,
  'reciprocal square root': tf.rsqrt,
  sigmoid: tf.sigmoid,
};

for (const [name, op] of Object.entries(unary)) {
  test(`${name} in an expression, odd numbers and all`, { skip }, () => {
    const x = tf.tensor([...odd, ...philox(1).normals(2100 - odd.length)], [2, 1050]);
    const ops = agree(y => tf.mul(op(y), tf.neg(y)), x);
    ok(ops.includes('ScoreElementwise') && !ops.includes('Neg'), String(ops));
  });
}

const binary: Record<string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor> = {
  sum: tf.add,
  difference: tf.sub,
  product: tf.mul,
  quotient: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  'squared difference': tf.squaredDifference,
  'sum of three': (a, b) => tf.addN([tf.mul(a, b), tf.add(a, b), tf.mul(b, a)]),
};
const [n, h, c] = [4, 70, 33];
const stretched = [[n, h, c], [h, c], [c], [], [1, 1, c], [1, h, 1], [h, 1], [1, 1, 1]];

for (const [name, op] of Object.entries(binary)) {
  test(`${name} with operands of every stretched shape, on either side`, { skip }, () => {
    const x = philox(2).normal([n, h, c]);
    for (const [i, shape] of stretched.entries()) {
      const other = tf.variable(
        philox(3)
          .fold(i)
          .normal(shape.length === 3 && shape[0] === n ? [1, h, c] : shape),
      );
      const ops = agree(y => op(tf.add(op(tf.neg(y), other), y), other), x, 1);
      ok(ops.includes('ScoreElementwise'), `${shape}: ${ops}`);
      agree(y => op(other, op(other, y)), x, 1);
      other.dispose();
    }
  });
}

test('a sum of one is that one', { skip }, () => {
  agree(y => tf.mul(tf.addN([tf.mul(y, 2)]), y), philox(9).normal([4, 3]));
});

test('values of rows and of channels, which differ from part to part', { skip }, () => {
  const x = philox(4).normal([n, h, c]);
  agree(y => tf.mul(tf.sub(y, tf.mean(y, [1, 2], true)), tf.rsqrt(tf.mean(tf.square(y), 1, true))), x, 1);
});

test('an expression goes on through changes of shape, and stops where something else needs its values', {
  skip,
}, () => {
  const x = philox(5).normal([4, 6, 10]);
  const w = tf.variable(philox(6).normal([10, 10]));
  const ops = agree(
    y => {
      const a = tf.reshape(tf.add(tf.mul(y, 2), 1), [-1, 10]);
      const b = tf.sigmoid(tf.square(a));
      const m = tf.matMul(b as tf.Tensor2D, w as tf.Tensor2D);
      return tf.reshape(tf.mul(tf.add(m, a), tf.sub(b, m)), y.shape); // a and b before the product and after it
    },
    x,
    1,
    1e-5,
  );
  // in each of the two parts one expression before the product and one after it
  deepEqual(
    ops.filter(op => ['ScoreElementwise', 'Mul', 'Add', 'AddV2', 'Sub', 'Square', 'Sigmoid'].includes(op)),
    new Array(4).fill('ScoreElementwise'),
  );
});

/** Operands by their place among all values so far, and what is done with them. */
const line = fc.record({
  op: fc.constantFrom(...Object.values(binary), ...Object.values(unary).slice(0, 2), tf.sigmoid, rowMean),
  a: fc.nat(),
  b: fc.nat(),
});

/** Something that is not elementwise. */
function rowMean(x: tf.Tensor): tf.Tensor {
  return tf.mean(x, -1, true);
}

test('any program of such operations gives what it gives eagerly', { skip }, () => {
  const x = tf.add(philox(7).normal([3, 5, 8]), 3);
  fc.assert(
    fc.property(fc.array(line, { minLength: 3, maxLength: 40 }), lines => {
      tf.tidy(() => {
        const fn: Rows = y => {
          const values = [y, tf.reshape(y, [-1, 8]), tf.mean(y, 1, true)];
          for (const { op, a, b } of lines) {
            const first = values[a % values.length]!;
            const others = values.filter(v => fits(first, v));
            values.push(tf.sigmoid(op(first, others[b % others.length]!)));
          }
          return tf.stack(
            values.slice(3).map(v => tf.mean(tf.reshape(v, [y.shape[0]!, -1]), 1)),
            1,
          );
        };
        agree(fn, x, 1, 1e-4);
      });
    }),
    { numRuns: 60, seed: 8 },
  );
});

/** Shapes that go together with the first axis left alone. */
function fits(a: tf.Tensor, b: tf.Tensor): boolean {
  if (a.rank !== b.rank) return false;
  return a.shape.every((size, i) => size === b.shape[i] || (i > 0 && (size === 1 || b.shape[i] === 1)));
}
