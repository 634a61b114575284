import { positive, reject, within } from '../errors.js';
import type { GaussianProcess } from '../types.js';

/** Times that went through float32 may pass T by a rounding. */
const slack = 1 + 2 ** -22;

/**
 * A Gaussian process whose functions refuse a time outside [0, T] and a value that is not finite. Every factory of
 * this folder ends here, so the check is made once.
 * @throws RangeError from the functions, naming t
 */
export const gaussianProcess = ({ T, alpha, sigma, f, g }: GaussianProcess): GaussianProcess => {
  const guard = (name: string, of: (t: number) => number) => (t: number) => {
    const value = of(within('t', t, 0, T * slack, `this process lives on [0, ${T}]`));
    if (Number.isFinite(value)) return value;
    return reject(`${name}(${t})`, value, 'a pole or a schedule that is not monotone; end the process before it');
  };
  return {
    T: positive('T', T),
    alpha: guard('alpha', alpha),
    sigma: guard('sigma', sigma),
    f: guard('f', f),
    g: guard('g', g),
  };
};

/** ς(t) = σ/α, the noise level relative to the signal; the EDM paper calls it σ(t). [Karras 2022, eq. 4] */
export const varsigma = (process: GaussianProcess, t: number): number => process.sigma(t) / process.alpha(t);

/** The signal-to-noise ratio 1/ς². */
export const snr = (process: GaussianProcess, t: number): number => varsigma(process, t) ** -2;

/** log SNR = −2 log ς. */
export const logSnr = (process: GaussianProcess, t: number): number => -2 * Math.log(varsigma(process, t));
