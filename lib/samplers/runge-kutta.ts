import { varsigma } from '../process/gaussian.js';
import { timeOfScale } from '../process/inverse.js';
import { noNoise, reverseCoefficients } from '../process/reverse.js';
import type { GaussianProcess } from '../types.js';
import { combineRows, type Row, rows, type Sampler, type Stage } from './plan.js';
import { eulerTableau, heunTableau, rk4Tableau, type Tableau } from './tableaux.js';

/**
 * The variables in which the probability-flow ODE is solved: y = factor(t) x as a function of τ(t), with
 * dy/dτ = state(t) x + score(t) s.
 */
export interface OdeForm {
  /** τ(t), the variable in which the steps are equal Runge–Kutta steps. */
  tau(process: GaussianProcess, t: number): number;
  /** The t at which τ has this value. */
  time(process: GaussianProcess, tau: number): number;
  /** y/x at time t. */
  factor(process: GaussianProcess, t: number): number;
  /** The factor on x in dy/dτ. */
  state(process: GaussianProcess, t: number): number;
  /** The factor on s in dy/dτ. */
  score(process: GaussianProcess, t: number): number;
}

/** dx/dt = f x − ½ g² s. [Song 2021, eq. 13] */
export const inTime: OdeForm = {
  tau: (_, t) => t,
  time: (_, tau) => tau,
  factor: () => 1,
  state: (process, t) => process.f(t),
  score: (process, t) => reverseCoefficients(process, t, noNoise).score,
};

/** d(x/α)/dς = −σ s: the slope is the noise ε that the score implies. [Karras 2022, eq. 1 and 4; DDIM's variable] */
export const inScale: OdeForm = {
  tau: varsigma,
  time: timeOfScale,
  factor: (process, t) => 1 / process.alpha(t),
  state: () => 0,
  score: (process, t) => -process.sigma(t),
};

/** d(x/σ)/d(1/ς) = (x + σ² s)/α: the slope is the x_0 that the score implies. It has no end at σ = 0. */
export const inSignal: OdeForm = {
  tau: (process, t) => 1 / varsigma(process, t),
  time: (process, tau) => timeOfScale(process, 1 / tau),
  factor: (process, t) => 1 / process.sigma(t),
  state: (process, t) => 1 / process.alpha(t),
  score: (process, t) => process.sigma(t) ** 2 / process.alpha(t),
};

/** Stage times, the ends exact. */
const stageTimes = (process: GaussianProcess, form: OdeForm, c: readonly number[], t: number, u: number) => {
  const [from, to] = [form.tau(process, t), form.tau(process, u)];
  return c.map(q => (q === 0 ? t : q === 1 ? u : form.time(process, from + q * (to - from))));
};

/**
 * An explicit Runge–Kutta method on the probability-flow ODE, in the variables of a form. A step one of whose stages
 * would need the score where σ = 0 is Euler's instead, as EDM's last step is. [Karras 2022, algorithm 1]
 */
export const rungeKutta =
  (tableau: Tableau, form: OdeForm = inTime): Sampler =>
  (process, t, u) => {
    const inner = stageTimes(process, form, tableau.c, t, u);
    const usable = inner.every(time => process.sigma(time) > 0);
    const { a, b } = usable ? tableau : eulerTableau;
    const times = usable ? inner : [t];
    const width = form.tau(process, u) - form.tau(process, t);
    const y = combineRows([[form.factor(process, t), rows.state]]);
    const slopes: Row[] = [];
    const stages: Stage[] = [];
    const advance = (weights: readonly number[], time: number): Row => {
      const moved = weights.map((w, j) => [width * w, slopes[j]!] as const);
      return combineRows([[1 / form.factor(process, time), combineRows([[1, y], ...moved])]]);
    };
    times.forEach((time, i) => {
      const at = advance(a[i]!, time);
      stages.push({ ...at, t: time });
      slopes.push(
        combineRows([
          [form.state(process, time), at],
          [form.score(process, time), rows.score(i)],
        ]),
      );
    });
    return { stages, result: advance(b, u), noises: 0 };
  };

/** Heun's method on the probability-flow ODE; `inScale` makes it EDM's. */
export const heun = (form: OdeForm = inScale): Sampler => rungeKutta(heunTableau, form);

/** The classical fourth-order method on the probability-flow ODE. */
export const rk4 = (form: OdeForm = inScale): Sampler => rungeKutta(rk4Tableau, form);
