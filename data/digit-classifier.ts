import { fileURLToPath } from 'node:url';
import { tensor, tidy } from '@tensorflow/tfjs-core';
import type { NdArray } from 'ndarray';
import type { Points } from '../lib/metrics/index.js';
import { type Classifier, type ClassifierConfig, classifier } from '../lib/models/index.js';
import { philox } from '../lib/rng/index.js';
import { writeParameters } from '../lib/train/snapshot.js';
import { loadArchive } from './archive.js';

/** The committed weights, which `make classifier` writes; their metadata state the accuracy on the test digits. */
export const DIGIT_CLASSIFIER = fileURLToPath(new URL('digit-classifier.safetensors', import.meta.url));

/** The network behind them, for digits [B, 28, 28, 1] in [−1, 1]. */
export const digitClassifierConfig: ClassifierConfig = { channels: 1, widths: [16, 32, 48], groups: 8, classes: 10 };

/**
 * The classifier of MNIST's digits by whose features and confidence samples are measured here.
 * @throws where the file is missing, damaged, or carries no seal of its contents
 */
export function loadDigitClassifier(path = DIGIT_CLASSIFIER): Classifier {
  const found = loadArchive(path);
  if (!found?.checked)
    throw new Error(`${path}: ${found ? 'no seal of its contents' : 'no such file'}; git restores it`);
  const network = classifier(digitClassifierConfig, philox(0));
  writeParameters(network.parameters, found.tensors);
  return network;
}

/** What a classifier makes of images: features [N, F] and logits [N, classes] for the metrics. */
export interface Examined {
  readonly features: Points;
  readonly logits: Points;
}

/** Takes images [N, H, W, C] through a classifier, some hundred at a time. */
export function examine(network: Classifier, { data, shape }: NdArray<Float32Array>): Examined {
  const [n = 0, ...event] = shape;
  const { widths, classes } = network.config;
  const size = data.length / n;
  const features: Points & { values: Float32Array } = {
    n,
    d: widths.at(-1)!,
    values: new Float32Array(n * widths.at(-1)!),
  };
  const logits: Points & { values: Float32Array } = { n, d: classes, values: new Float32Array(n * classes) };
  for (let from = 0; from < n; from += 250) {
    const rows = data.subarray(from * size, (from + 250) * size);
    tidy(() => {
      const seen = network.features(tensor(rows, [rows.length / size, ...event]));
      features.values.set(seen.dataSync() as Float32Array, from * features.d);
      logits.values.set(network.logits(seen).dataSync() as Float32Array, from * classes);
    });
  }
  return { features, logits };
}
