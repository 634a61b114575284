import { add, reshape, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { sameShape } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import type { Rng } from '../rng/rng.js';
import { swish } from './activation.js';
import { type Conditioning, conditioning } from './embedding.js';
import { dense } from './layers.js';
import { disposeAll, type Network } from './network.js';
import { initZeros, parameterScope, type Scope } from './scope.js';

/** The sizes of an `mlp`, and how it sees time and class. */
export interface MlpConfig extends Conditioning {
  /** The shape of one event, such as [2]. */
  readonly event: readonly number[];
  readonly width: number;
  /** Hidden layers that add to their input. */
  readonly layers: number;
}

const block = (scope: Scope, width: number, embedding: number) => {
  const time = dense(scope.at('time'), embedding, width);
  const first = dense(scope.at('first'), width, width);
  const second = dense(scope.at('second'), width, width);
  return (x: Tensor, embedded: Tensor, drop = (hidden: Tensor) => hidden): Tensor =>
    add(x, second(drop(swish(add(first(swish(x)), time(embedded))))));
};

/** A residual network of dense layers for points: x [B, ...event] → the same shape. Its first output is 0. */
export const mlp = (config: MlpConfig, rng: Rng): Network<MlpConfig> => {
  const { event, width, layers, embedding } = config;
  const size = sizeOf(event);
  const { scope, parameters } = parameterScope(rng);
  const embed = conditioning(scope.at('conditioning'), config);
  const enter = dense(scope.at('enter'), size, width);
  const blocks = Array.from({ length: layers }, (_, i) => block(scope.at('block').at(i), width, embedding));
  const leave = dense(scope.at('leave'), width, size, initZeros);
  return {
    config,
    parameters,
    apply: (x, label, options) => {
      sameShape('x', x.shape, [-1, ...event]);
      return tidy(() => {
        const embedded = embed(label, options);
        const entered = enter(reshape(x, [-1, size]));
        return reshape(leave(swish(blocks.reduce((h, b) => b(h, embedded, options?.dropout), entered))), x.shape);
      });
    },
    dispose: () => disposeAll(parameters),
  };
};
