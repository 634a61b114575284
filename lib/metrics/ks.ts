import { reject } from '../errors.js';
import { type Points, points, type Samples } from './points.js';

/** What a Kolmogorov–Smirnov test says. */
export interface KsTest {
  /** The largest gap between the two distribution functions. */
  readonly statistic: number;
  /** How likely a gap as large is by chance (asymptotic, good from about 40 samples on). */
  readonly pValue: number;
}

const onLine = (samples: Samples): Float64Array => {
  const x: Points = points(samples);
  if (x.d !== 1) reject('the number of coordinates', x.d, 'the KS test is made for D = 1; project first');
  return Float64Array.from(x.values).sort();
};

/** P(K > λ) = 2 Σ (−1)^{k−1} e^{−2k²λ²}, with Stephens' correction for finite n in λ. */
const tail = (statistic: number, n: number): number => {
  const lambda = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * statistic;
  if (lambda < 0.2) return 1; // there the series needs many terms, and 1 is right to 15 digits
  let total = 0;
  for (let k = 1; k <= 100; k++) total += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, total));
};

/** Kolmogorov–Smirnov test of samples [n] against a distribution function. */
export const ksTest = (samples: Samples, cdf: (x: number) => number): KsTest => {
  const x = onLine(samples);
  let statistic = 0;
  x.forEach((value, i) => {
    const f = cdf(value);
    statistic = Math.max(statistic, f - i / x.length, (i + 1) / x.length - f);
  });
  return { statistic, pValue: tail(statistic, x.length) };
};

/** Kolmogorov–Smirnov test of two sets of samples, [n] and [m]. */
export const ksTwoSample = (first: Samples, second: Samples): KsTest => {
  const [x, y] = [onLine(first), onLine(second)];
  let [i, j, statistic] = [0, 0, 0];
  while (i < x.length && j < y.length) {
    const value = Math.min(x[i]!, y[j]!);
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    statistic = Math.max(statistic, Math.abs(i / x.length - j / y.length));
  }
  return { statistic, pValue: tail(statistic, (x.length * y.length) / (x.length + y.length)) };
};
