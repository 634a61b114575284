/**
 * Trains the classifier of digits by which samples are measured, and writes its weights: `make classifier`. The same
 * seeds give the same weights on the same machine; kernels of another one may round otherwise.
 */
import * as tf from '@tensorflow/tfjs-core';
import { saveArchive } from '../../data/archive.js';
import { toCentered } from '../../data/centered.js';
import { DIGIT_CLASSIFIER, digitClassifierConfig, examine } from '../../data/digit-classifier.js';
import { loadMnist } from '../../data/mnist.js';
import { verdicts } from '../../lib/metrics/index.js';
import { classifier, crossEntropy } from '../../lib/models/classifier.js';
import { parameterCount } from '../../lib/nn/network.js';
import { philox } from '../../lib/rng/index.js';
import { cosineDecay, exponentialAverage, readParameters, trainer, training } from '../../lib/train/index.js';
import { compile } from '../backend/graph/index.js';
import { startBackend } from '../backend/index.js';

const STEPS = 4000;
const BATCH = 128;
/** Digits are moved by so many pixels at most, in both directions. */
const SHIFT = 2;

const { backend } = await startBackend();
const rng = philox(0);
const network = classifier(digitClassifierConfig, rng.fold(1));
const { images, labels } = loadMnist('train');
const stream = rng.fold(2);

/** Images [B, 28, 28, 1] moved by chance, and their classes [B, 10]. */
function drawBatch() {
  const rows = stream.integers(BATCH, images.shape[0]!);
  const [down, right] = [0, 1].map(() => stream.integers(BATCH, 2 * SHIFT + 1));
  const digits = toCentered(images, rows);
  return tf.tidy(() => {
    const padded = tf.pad(
      tf.tensor4d(digits.data, [BATCH, 28, 28, 1]),
      [
        [0, 0],
        [SHIFT, SHIFT],
        [SHIFT, SHIFT],
        [0, 0],
      ],
      -1,
    );
    const moved = tf.unstack(padded).map((image, i) => tf.slice(image, [down![i]!, right![i]!, 0], [28, 28, 1]));
    const classes = tf.oneHot(
      tf.tensor1d(
        Array.from(rows, row => labels.get(row)),
        'int32',
      ),
      10,
    );
    return { x: tf.stack(moved), classes: tf.cast(classes, 'float32') };
  });
}

const learningRate = cosineDecay(4e-3, STEPS + 1, 100);
const run = trainer({
  parameters: network.parameters,
  loss: ({ x, classes }: ReturnType<typeof drawBatch>) => crossEntropy(network.logits(network.features(x)), classes),
  learningRate,
  averages: [exponentialAverage(0.995)],
  ...(backend === 'tensorflow' && { wrap: compile }),
});
console.log(`${parameterCount(network)} parameters`);
for (const report of training({ trainer: run, learningRate }, drawBatch, { steps: STEPS, every: 200, rows: BATCH })) {
  console.log(`step ${report.step}: loss ${report.loss.toFixed(4)}, ${report.perSecond.toFixed(0)} digits/s`);
}

const held = loadMnist('test');
const count = held.images.shape[0]!;
const digits = toCentered(
  held.images,
  Array.from({ length: count }, (_, i) => i),
);
run.withAverage(() => {
  const found = verdicts(examine(network, digits).logits);
  const right = found.filter(({ label }, i) => label === held.labels.get(i)).length;
  console.log(`${right} of ${count} test digits named rightly`);
  saveArchive(DIGIT_CLASSIFIER, {
    tensors: readParameters(network.parameters),
    metadata: {
      config: JSON.stringify(digitClassifierConfig),
      data: 'MNIST, v/127.5 − 1',
      steps: String(STEPS),
      accuracy: String(right / count),
    },
  });
});
