import { add, div, minimum, mul, type Scalar, sqrt, square, sub, sum, type Tensor } from '@tensorflow/tfjs-core';
import { finite, positive, reject, within } from '../errors.js';

/** Vectors [P] by name. */
export type Vectors = Readonly<Record<string, Tensor>>;

/** What a transform sees beside the update. */
export interface Surroundings {
  /** [P], before the step. */
  readonly parameters: Tensor;
  /** What it kept from the step before. */
  readonly slots: Vectors;
  /** Its numbers, as scalars so that a traced step can take them as inputs. */
  readonly numbers: Readonly<Record<string, Scalar>>;
}

/**
 * One stage between a gradient and the step θ ← θ − η · update: a pure function of vectors. An optimiser is a chain of
 * them.
 */
export interface Transform {
  readonly name: string;
  /** What it keeps from step to step: vectors [P], zeros at first. */
  readonly slots: readonly string[];
  /** The numbers of step n = 0, 1, …, computed on the host. */
  numbers(n: number): Readonly<Record<string, number>>;
  /** The update after this stage, and what it keeps for the next step. */
  apply(update: Tensor, at: Surroundings): { readonly update: Tensor; readonly slots: Vectors };
  /** What becomes of the parameters [P] after the step, such as weights that are brought back to a length. */
  readonly project?: (parameters: Tensor) => Tensor;
}

const stateless = (name: string, apply: (update: Tensor, parameters: Tensor) => Tensor): Transform => ({
  name,
  slots: [],
  numbers: () => ({}),
  apply: (update, { parameters }) => ({ update: apply(update, parameters), slots: {} }),
});

/** ‖g‖. */
export const vectorNorm = (g: Tensor): Tensor => sqrt(sum(square(g)));

/** g · min(1, limit/‖g‖): longer gradients are shortened. */
export const clip = (limit = 1): Transform => {
  positive('the limit of the gradient', limit);
  return stateless('clip', g => mul(g, minimum(1, div(limit, add(vectorNorm(g), 1e-12)))));
};

/** g + λ θ after Adam: weights decay by η λ a step, apart from their gradient. [Loshchilov & Hutter 2019, alg. 2] */
export const decayWeights = (lambda: number): Transform => {
  within('lambda', lambda, 0, Number.MAX_VALUE);
  return stateless('decay', (g, parameters) => add(g, mul(parameters, lambda)));
};

/** The constants of Adam. */
export interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

const lerp = (old: Tensor, fresh: Tensor, decay: number): Tensor => add(fresh, mul(sub(old, fresh), decay));

/**
 * m̂/(√v̂ + ε), with m the running mean of the gradient, v that of its square, both corrected for their start at 0.
 * [Kingma 2015, alg. 1]
 */
export const adam = ({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 }: Partial<AdamConfig> = {}): Transform => {
  for (const [name, value] of Object.entries({ beta1, beta2 })) within(name, value, 0, 1 - 1e-9);
  positive('epsilon', epsilon);
  return {
    name: 'adam',
    slots: ['m', 'v'],
    // m̂/(√v̂ + ε) = rate · m/(√v + ε √(1 − β₂ⁿ)), which touches the vectors less often
    numbers: n => {
      const correction = Math.sqrt(1 - beta2 ** (n + 1));
      return { rate: correction / (1 - beta1 ** (n + 1)), epsilon: epsilon * correction };
    },
    apply: (g, { slots, numbers }) => {
      const m = lerp(slots.m!, g, beta1);
      const v = lerp(slots.v!, square(g), beta2);
      return { update: mul(div(m, add(sqrt(v), numbers.epsilon!)), numbers.rate!), slots: { m, v } };
    },
  };
};

const named = <V>(name: string, record: Readonly<Record<string, V>>): [string, V][] =>
  Object.entries(record).map(([key, value]) => [`${name}.${key}`, value]);

const own = <V>(name: string, record: Readonly<Record<string, V>>): Record<string, V> =>
  Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) =>
      key.startsWith(`${name}.`) ? [[key.slice(name.length + 1), value] as const] : [],
    ),
  );

/**
 * One transform after the other; what each keeps is named after it, such as `adam.m`.
 * @throws RangeError when two have one name
 */
export const chain = (...parts: readonly Transform[]): Transform => {
  const names = parts.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    reject('the name of a transform', twice, 'it stands in the chain already; name it otherwise');
  return {
    name: 'chain',
    slots: parts.flatMap(({ name, slots }) => slots.map(slot => `${name}.${slot}`)),
    numbers: n => Object.fromEntries(parts.flatMap(part => named(part.name, part.numbers(n)))),
    apply: (gradient, { parameters, slots, numbers }) =>
      parts.reduce(
        (so, part) => {
          const at = { parameters, slots: own(part.name, slots), numbers: own(part.name, numbers) };
          const next = part.apply(so.update, at);
          return { update: next.update, slots: { ...so.slots, ...Object.fromEntries(named(part.name, next.slots)) } };
        },
        { update: gradient, slots: {} as Vectors },
      ),
    project: parameters => parts.reduce((so, { project }) => (project ? project(so) : so), parameters),
  };
};

/** The learning rate of a step, checked. */
export const checkedRate = (n: number, rate: number): number => finite(`the learning rate of step ${n + 1}`, rate);
