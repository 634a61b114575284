import { fullNoise, type NoiseLevel, reverseCoefficients } from '../process/reverse.js';
import { combineRows, type Row, rows, type Sampler } from './plan.js';

/**
 * A stochastic Runge–Kutta method for additive noise. Stage i sits at c[i] and takes a[i][j] of the drifts; with
 * J = ∫∫dw ds / h, it adds e[i] J. The result adds g at the end of the step times w, and the change of g times J.
 */
export interface SraTableau {
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
  /** Weights of g(t + h) J in the stages. */
  readonly e: readonly number[];
}

/** Two stages, strong order 1.5. [Rößler 2010, SRA1] */
export const sra1: SraTableau = { a: [[], [3 / 4]], b: [1 / 3, 2 / 3], c: [0, 3 / 4], e: [0, 3 / 2] };

/**
 * The reverse SDE with noise h(t) by a stochastic Runge–Kutta method for additive noise. Noise 0 is the increment
 * w/√|Δ| and noise 1 the independent part of ∫w ds: J = ½√|Δ| (z_0 + z_1/√3), so the two increments are correlated as
 * they have to be. [Rößler 2010]
 */
export const sra =
  (tableau: SraTableau = sra1, h: NoiseLevel = fullNoise): Sampler =>
  (process, t, u) => {
    const dt = u - t;
    const root = Math.sqrt(Math.abs(dt));
    const increment = combineRows([[root, rows.noise(0)]]);
    const area = combineRows([
      [root / 2, rows.noise(0)],
      [root / (2 * Math.sqrt(3)), rows.noise(1)],
    ]);
    const [start, end] = [h(process, t), h(process, u)];
    const drifts: Row[] = [];
    const moved = (weights: readonly number[]): (readonly [number, Row])[] =>
      weights.map((w, j) => [dt * w, drifts[j]!]);
    const stages = tableau.c.map((c, i) => {
      const time = c === 1 ? u : t + c * dt;
      const at = combineRows([[1, rows.state], ...moved(tableau.a[i]!), [tableau.e[i]! * end, area]]);
      const drift = reverseCoefficients(process, time, h);
      drifts.push(
        combineRows([
          [drift.state, at],
          [drift.score, rows.score(i)],
        ]),
      );
      return { ...at, t: time };
    });
    const result = combineRows([[1, rows.state], ...moved(tableau.b), [end, increment], [start - end, area]]);
    return { stages, result, noises: 2 };
  };
