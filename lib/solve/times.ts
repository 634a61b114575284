import { finite, integer, positive, reject, within } from '../errors.js';
import { varsigma } from '../process/gaussian.js';
import { timeOfScale } from '../process/inverse.js';
import type { GaussianProcess } from '../types.js';

/** Time grids: n steps, n + 1 decreasing times from `from` to `to`, float64, both ends exact. */

const grid = (n: number, from: number, to: number, inner: (fraction: number) => number): number[] => {
  integer('the number of steps', n, 1);
  finite('the first time', from);
  within('the last time', to, 0, Number.MAX_VALUE, 'data stand at 0');
  if (!(from > to)) reject('the interval', [from, to], 'samplers run backwards: the first time has to be larger');
  return Array.from({ length: n + 1 }, (_, i) => (i === 0 ? from : i === n ? to : inner(i / n)));
};

/** Equal steps in t. */
export const uniformTimes = (n: number, from: number, to: number): number[] =>
  grid(n, from, to, q => from + q * (to - from));

/** Equal steps in √t, finer towards 0. */
export const quadraticTimes = (n: number, from: number, to: number): number[] =>
  grid(n, from, to, q => (Math.sqrt(from) + q * (Math.sqrt(to) - Math.sqrt(from))) ** 2);

const inScale = (process: GaussianProcess, from: number, to: number, at: (q: number) => number) => (q: number) =>
  Math.min(from, Math.max(to, timeOfScale(process, at(q))));

/** Equal steps in ς^(1/ρ). [Karras 2022, eq. 5; ρ = 7] */
export const karrasTimes = (process: GaussianProcess, n: number, from: number, to: number, rho = 7): number[] => {
  positive('rho', rho);
  const [a, b] = [from, to].map(t => varsigma(process, finite('the time', t)) ** (1 / rho)) as [number, number];
  return grid(
    n,
    from,
    to,
    inScale(process, from, to, q => (a + q * (b - a)) ** rho),
  );
};

/** Equal steps in log(α/σ), half the log signal-to-noise ratio. @throws RangeError when σ(to) = 0. */
export const logSnrTimes = (process: GaussianProcess, n: number, from: number, to: number): number[] => {
  const [a, b] = [from, to].map(t => Math.log(positive(`ς(${t})`, varsigma(process, t), 'end at a larger time'))) as [
    number,
    number,
  ];
  return grid(
    n,
    from,
    to,
    inScale(process, from, to, q => Math.exp(a + q * (b - a))),
  );
};
