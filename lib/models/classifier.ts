import { logSoftmax, mean, mul, neg, type Scalar, sum, type Tensor, type Tensor2D, tidy } from '@tensorflow/tfjs-core';
import { integer, sameShape } from '../errors.js';
import { swish } from '../nn/activation.js';
import { conv, dense, type Layer } from '../nn/layers.js';
import { disposeAll, type Network } from '../nn/network.js';
import { groupNorm } from '../nn/norm.js';
import { parameterScope, type Scope } from '../nn/scope.js';
import type { Rng } from '../rng/rng.js';

/** The sizes of a `classifier`. */
export interface ClassifierConfig {
  /** Channels of the image. */
  readonly channels: number;
  /** The width of each stage; each halves the image. */
  readonly widths: readonly number[];
  readonly groups: number;
  readonly classes: number;
}

/** A network that names the class of an image; what it measures images by are its features. */
export interface Classifier extends Pick<Network<ClassifierConfig>, 'config' | 'parameters' | 'dispose'> {
  /** x [B, H, W, channels] → [B, F], F the last width: what the classes are told apart by. */
  features(x: Tensor): Tensor2D;
  /** Features [B, F] → log-odds of the classes up to a constant a row, [B, classes]. */
  logits(features: Tensor): Tensor2D;
}

/** A convolution, then one that halves the image, each with normalisation and swish after it. */
const stage = (scope: Scope, inputs: number, outputs: number, groups: number): Layer => {
  const wide = conv(scope.at('wide'), inputs, outputs);
  const wideNorm = groupNorm(scope.at('wideNorm'), outputs, groups);
  const halve = conv(scope.at('halve'), outputs, outputs, { stride: 2 });
  const halveNorm = groupNorm(scope.at('halveNorm'), outputs, groups);
  return x => swish(halveNorm(halve(swish(wideNorm(wide(x))))));
};

/** Stages of convolutions, the mean over all pixels, and a linear map to the classes. */
export const classifier = (config: ClassifierConfig, rng: Rng): Classifier => {
  const { channels, widths, groups, classes } = config;
  const { scope, parameters } = parameterScope(rng);
  const stages = widths.map((width, i) => stage(scope.at('stage').at(i), widths[i - 1] ?? channels, width, groups));
  const out = dense(scope.at('out'), widths.at(-1) ?? channels, integer('classes', classes, 2));
  return {
    config,
    parameters,
    features: x => {
      sameShape('x', x.shape, [-1, -1, -1, channels]);
      return tidy(
        () =>
          mean(
            stages.reduce((h, next) => next(h), x),
            [1, 2],
          ) as Tensor2D,
      );
    },
    logits: features => tidy(() => out(features) as Tensor2D),
    dispose: () => disposeAll(parameters),
  };
};

/** −log p(class) in the mean over the rows, for logits and one-hot classes, [B, classes] both. */
export const crossEntropy = (logits: Tensor, classes: Tensor): Scalar =>
  tidy(() => neg(mean(sum(mul(classes, logSoftmax(logits)), 1))) as Scalar);
