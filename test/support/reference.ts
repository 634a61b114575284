import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { decodeSafetensors } from '../../lib/train/safetensors.js';

/** Networks of the original code with random weights, and what they gave: test/reference/README.md says how. */
export const openReference = (name: string) => decodeSafetensors(readFileSync(`test/reference/${name}.safetensors`));

/** An image of the file, [B, C, H, W], as one of ours, [B, H, W, C]. */
export const imageOf = (archive: ReturnType<typeof openReference>, name: string): tf.Tensor => {
  const { values, shape } = archive.tensors.get(name)!;
  return tf.transpose(tf.tensor(values as Float32Array, [...shape]), [0, 2, 3, 1]);
};
