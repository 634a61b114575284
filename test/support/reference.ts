import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { decodeSafetensors } from '../../lib/train/safetensors.js';
import { compile } from '../../notebooks/backend/graph/index.js';
import { gap } from './networks.js';

/** Networks of the original code with random weights, and what they gave: test/reference/README.md says how. */
export const openReference = (name: string) => decodeSafetensors(readFileSync(`test/reference/${name}.safetensors`));

type Reference = ReturnType<typeof openReference>;

/** An image of the file, [B, C, H, W], as one of ours, [B, H, W, C]. */
export const imageOf = (archive: Reference, name: string): tf.Tensor => {
  const { values, shape } = archive.tensors.get(name)!;
  return tf.transpose(tf.tensor(values as Float32Array, [...shape]), [0, 2, 3, 1]);
};

type Output = (x: tf.Tensor, ...rest: tf.Tensor[]) => tf.Tensor;

/** Tests that a function's output and the gradient of its Σ output² with respect to x are those of the file, to 10⁻⁵. */
export const testParity = (
  name: string,
  output: Output,
  inputs: readonly [tf.Tensor, ...tf.Tensor[]],
  expected: { readonly output: tf.Tensor; readonly gradient: tf.Tensor },
): void => {
  const gradient: Output = (x, ...rest) => tf.grad(u => tf.sum(tf.square(output(u, ...rest))))(x);
  for (const [way, wrap] of [
    ['eager', (f: Output) => f],
    ['compiled', compile],
  ] as const) {
    test(`gives the same output and the same input gradient, ${way}`, t => {
      const away = [
        gap(expected.output.dataSync(), wrap(output)(...inputs).dataSync()),
        gap(expected.gradient.dataSync(), wrap(gradient)(...inputs).dataSync()),
      ];
      const [ofOutput, ofGradient] = away.map(v => v.toExponential(1));
      t.diagnostic(`${name}, ${way}: relative error of output ${ofOutput}, gradient ${ofGradient}`);
      assert.ok(
        away.every(v => v <= 1e-5),
        `${away}`,
      );
    });
  }
};
