/**
 * An explicit Runge–Kutta method: stage i sits at c[i] and uses a[i][j] of the slopes before it; b combines the slopes.
 * A new method is a new tableau.
 */
export interface Tableau {
  readonly a: readonly (readonly number[])[];
  readonly b: readonly number[];
  readonly c: readonly number[];
  readonly order: number;
}

/**
 * A tableau with a second set of weights, whose result differs from the first by an estimate of the error. Its last
 * stage is the slope at the end of the step (a ends with b), which is the first stage of the next.
 */
export interface EmbeddedTableau extends Tableau {
  /** b less the weights of the lower order. */
  readonly error: readonly number[];
  /** Weights of the slopes in the quartic part of the interpolant; without them it is Hermite's cubic. */
  readonly dense?: readonly number[];
}

/** One slope, at the start of the step. */
export const eulerTableau: Tableau = { a: [[]], b: [1], c: [0], order: 1 };

/** The explicit trapezoidal rule. [Heun 1900; Karras 2022, algorithm 1] */
export const heunTableau: Tableau = { a: [[], [1]], b: [0.5, 0.5], c: [0, 1], order: 2 };

/** The slope at the middle of the step. [Runge 1895] */
export const midpointTableau: Tableau = { a: [[], [0.5]], b: [0, 1], c: [0, 0.5], order: 2 };

/** The second-order method with a stage at the fraction c of the step; c = 1 is Heun's, c = ½ the midpoint rule. */
export const secondOrderTableau = (c: number): Tableau => ({
  a: [[], [c]],
  b: [1 - 1 / (2 * c), 1 / (2 * c)],
  c: [0, c],
  order: 2,
});

/** The classical method of fourth order. [Kutta 1901] */
export const rk4Tableau: Tableau = {
  a: [[], [0.5], [0, 0.5], [0, 0, 1]],
  b: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
  c: [0, 0.5, 0.5, 1],
  order: 4,
};

/** Order 3 with an error estimate of order 2; the last stage is the first of the next step. [Bogacki & Shampine 1989] */
export const bogackiShampine: EmbeddedTableau = {
  a: [[], [1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
  b: [2 / 9, 1 / 3, 4 / 9, 0],
  c: [0, 1 / 2, 3 / 4, 1],
  order: 3,
  error: [2 / 9 - 7 / 24, 1 / 3 - 1 / 4, 4 / 9 - 1 / 3, -1 / 8],
};

/** Order 5 with an error estimate of order 4; the last stage is the first of the next step. [Dormand & Prince 1980] */
export const dormandPrince: EmbeddedTableau = {
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ],
  b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
  c: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
  order: 5,
  error: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
  // Hairer, Nørsett & Wanner 1993, II.6
  dense: [
    -12715105075 / 11282082432,
    0,
    87487479700 / 32700410799,
    -10690763975 / 1880347072,
    701980252875 / 199316789632,
    -1453857185 / 822651844,
    69997945 / 29380423,
  ],
};
