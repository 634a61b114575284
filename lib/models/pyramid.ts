import { add, concat, type Tensor } from '@tensorflow/tfjs-core';
import { swish } from '../nn/activation.js';
import type { Layer } from '../nn/layers.js';
import type { NcsnppConfig } from './config.js';
import type { NextScope } from './embedding.js';
import { convolution, convolveDown, convolveUp, norm } from './layers.js';
import { double, halve } from './resample.js';
import { summed } from './residual.js';

/** One level of the image's pyramid joined to the state there. */
interface Join {
  /** Channels of the state after it. */
  readonly channels: number;
  readonly apply: (pyramid: Tensor, h: Tensor) => { readonly pyramid: Tensor; readonly h: Tensor };
}

/** The image beside the way down: each call makes the layers of one level, from the finest on. [Karras 2020, §4.1] */
export const inputPyramid = (config: NcsnppConfig) => {
  const { channels: image, input, combine, taps } = config;
  const shrink = halve(taps);
  const sum = summed(config);
  let current = image;
  return (next: NextScope, channels: number): Join => {
    if (input === 'none') return { channels, apply: (pyramid, h) => ({ pyramid, h }) };
    if (input === 'residual') {
      const down = convolveDown(next(), current, channels, taps);
      current = channels;
      return { channels, apply: (pyramid, h) => (joined => ({ pyramid: joined, h: joined }))(sum(down(pyramid), h)) };
    }
    const map = convolution(next().at('Conv_0'), image, channels, { size: 1 });
    const merge = (small: Tensor, h: Tensor) => (combine === 'cat' ? concat([map(small), h], -1) : add(map(small), h));
    return {
      channels: combine === 'cat' ? 2 * channels : channels,
      apply: (pyramid, h) => (small => ({ pyramid: small, h: merge(small, h) }))(shrink(pyramid)),
    };
  };
};

/** What a level of the way up does to the output so far (none at the coarsest) and to the state. */
type Output = (pyramid: Tensor | undefined, h: Tensor) => { readonly pyramid: Tensor | undefined; readonly h: Tensor };

/** The output beside the way up: each call makes the layers of one level, from the coarsest on. [Karras 2020, §4.1] */
export const outputPyramid = (config: NcsnppConfig) => {
  const { channels: image, output, taps, initScale } = config;
  const grow = double(taps);
  const sum = summed(config);
  let current = 0;
  const normed = (next: NextScope, channels: number, outputs: number, scale: number): Layer => {
    const normalise = norm(next(), channels);
    const conv = convolution(next(), channels, outputs, { scale });
    return h => conv(swish(normalise(h)));
  };
  return (next: NextScope, channels: number): Output => {
    if (output === 'none') return (pyramid, h) => ({ pyramid, h });
    if (output === 'skip') {
      const map = normed(next, channels, image, initScale);
      return (pyramid, h) => ({ pyramid: pyramid ? add(grow(pyramid), map(h)) : map(h), h });
    }
    const first = current === 0;
    const map = first ? normed(next, channels, channels, 1) : convolveUp(next(), current, channels, taps);
    current = channels;
    if (first) return (_, h) => ({ pyramid: map(h), h });
    return (pyramid, h) => (joined => ({ pyramid: joined, h: joined }))(sum(map(pyramid!), h));
  };
};
