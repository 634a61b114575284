import { add, div, minimum, mul, type Scalar, sqrt, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';

/** Everything an update changes: vectors [P]. A type, not an interface, so that `tidy` and `dispose` take it whole. */
export type Moving = {
  readonly parameters: Tensor;
  /** Running mean of the gradient. */
  readonly m: Tensor;
  /** Running mean of its square. */
  readonly v: Tensor;
  /** Running mean of the parameters. */
  readonly average: Tensor;
};

/** The numbers of one step, as scalars so that a traced update can take them as inputs. */
export type StepScalars<V = Scalar> = {
  /** The learning rate times Adam's correction √(1 − β₂ⁿ)/(1 − β₁ⁿ). */
  readonly rate: V;
  /** Adam's ε times √(1 − β₂ⁿ). */
  readonly epsilon: V;
  /** The decay of the average. */
  readonly decay: V;
};

/** The constants of Adam, of gradient clipping and of the average. */
export interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  /** The largest norm of the whole gradient; longer ones are shortened to it. Infinity for none. */
  readonly clip: number;
  /** The final decay of the average of the parameters. */
  readonly decay: number;
}

/** Adam 2e-4's companions in Song 2021, app. G: β₁ .9, β₂ .999, gradient norm at most 1, average .999 (VE; VP .9999). */
export const adamDefaults: AdamConfig = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, clip: 1, decay: 0.999 };

/** The scalars of step n = 0, 1, …; the average's decay starts at (1 + n)/(10 + n), so that it forgets the first values. */
export const stepScalars = (config: AdamConfig, n: number, learningRate: number): StepScalars<number> => {
  const correction = Math.sqrt(1 - config.beta2 ** (n + 1));
  return {
    rate: (learningRate * correction) / (1 - config.beta1 ** (n + 1)),
    epsilon: config.epsilon * correction,
    decay: Math.min(config.decay, (2 + n) / (11 + n)),
  };
};

const lerp = (old: Tensor, fresh: Tensor, decay: number | Tensor): Tensor => add(fresh, mul(sub(old, fresh), decay));

/** g · min(1, clip/‖g‖). */
export const clipNorm = (gradient: Tensor, clip: number): Tensor => {
  if (clip === Number.POSITIVE_INFINITY) return gradient;
  const norm = sqrt(sum(square(gradient)));
  return mul(gradient, minimum(1, div(clip, add(norm, 1e-12))));
};

/**
 * One step of Adam with a running average, a pure function of tensors. [Kingma 2015, alg. 1]
 * @param gradient [P]
 */
export const adamUpdate = (config: AdamConfig, state: Moving, gradient: Tensor, scalars: StepScalars): Moving => {
  const g = clipNorm(gradient, config.clip);
  const m = lerp(state.m, g, config.beta1);
  const v = lerp(state.v, square(g), config.beta2);
  const parameters = sub(state.parameters, mul(div(m, add(sqrt(v), scalars.epsilon)), scalars.rate));
  return { parameters, m, v, average: lerp(state.average, parameters, scalars.decay) };
};
