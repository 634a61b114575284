import { add, mul, sub, type Tensor, tidy } from '@tensorflow/tfjs-core';
import { perTime, scaleRows, shapedScore } from '../rows.js';
import type { ItoProcess, Score } from '../types.js';
import type { Interpolant } from './interpolant.js';

/**
 * Densities p_t on [0, T], by their flow and their score: ∂p/∂t = −∇·(b p) with b(x, t) = E[dx_t/dt | x_t], and
 * s = ∇ log p_t. [Albergo 2023, thm. 6]
 */
export interface Transport {
  readonly T: number;
  /** b(x, t), shaped like x. */
  readonly velocity: Score;
  /** s(x, t), shaped like x; without it there is only the flow. */
  readonly score?: Score;
}

/** b + factor · h² s, where h is not 0. */
const stirred = ({ velocity, score }: Transport, h: (t: number) => number, factor: number) => {
  const [flow, up] = [shapedScore(velocity), score && shapedScore(score)];
  return (x: Tensor, t: number): Tensor =>
    tidy(() => {
      const noise = h(t);
      if (noise === 0) return flow(x, t);
      if (!up) throw new RangeError(`the noise h(${t}) is ${noise}: a flow whose score is not known takes none`);
      return add(flow(x, t), mul(factor * noise * noise, up(x, t)));
    });
};

const none = () => 0;

/** dx = [b + ½h² s] dt + h dw, to be run from 0 to T: the same p_t for any h(t) ≥ 0. [Albergo 2023] */
export const forwardTransport = (transport: Transport, h: (t: number) => number = none): ItoProcess => ({
  T: transport.T,
  drift: stirred(transport, h, 0.5),
  diffuse: (_, t, dw) => mul(h(t), dw),
});

/** dx = [b − ½h² s] dt + h dw̄, to be run from T to 0: the same p_t for any h(t) ≥ 0. [Albergo 2023] */
export const reverseTransport = (transport: Transport, h: (t: number) => number = none): ItoProcess => ({
  T: transport.T,
  drift: stirred(transport, h, -0.5),
  diffuse: (_, t, dw) => mul(h(t), dw),
});

/**
 * The score behind a velocity, where x_1 ~ N(0, I) is drawn apart from x_0 and γ = 0: s = (α v − α′ x)/(σ (α′σ − α σ′)). It
 * holds at T too, where α = 0; at 0 there is none. Where ends are coupled it is wrong. [Ma 2024 (SiT)]
 */
export const gaussianEnd = (path: Interpolant, velocity: Score): Transport => ({
  T: path.T,
  velocity,
  score: (x, t) =>
    tidy(() => {
      const turn = (time: number) =>
        path.sigma(time) * (path.alphaRate(time) * path.sigma(time) - path.alpha(time) * path.sigmaRate(time));
      return sub(
        scaleRows(
          velocity(x, t),
          perTime(t, time => path.alpha(time) / turn(time)),
        ),
        scaleRows(
          x,
          perTime(t, time => path.alphaRate(time) / turn(time)),
        ),
      );
    }),
});
