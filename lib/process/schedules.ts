import { finite, monotone, positive, within } from '../errors.js';
import { integrate } from '../math/quadrature.js';

/** A noise rate β(t) ≥ 0 and its integral B(t) = ∫₀ᵗ β. */
export interface NoiseRate {
  /** β(t), per unit of time. */
  beta(t: number): number;
  /** B(t) = ∫₀ᵗ β. */
  integral(t: number): number;
}

/** β(t) = β_min + t (β_max − β_min) on [0, 1]. [Song 2021, eq. 32] */
export const linearBeta = ({ betaMin = 0.1, betaMax = 20 } = {}): NoiseRate => {
  positive('betaMin', betaMin);
  monotone('[betaMin, betaMax]', [betaMin, betaMax], 1);
  const slope = betaMax - betaMin;
  return { beta: t => betaMin + t * slope, integral: t => t * (betaMin + (t * slope) / 2) };
};

/** Any β, its integral by quadrature. @throws RangeError when β is negative or not finite */
export const betaOf = (beta: (t: number) => number): NoiseRate => {
  const checked = (t: number) => within(`beta(${t})`, beta(t), 0, Number.MAX_VALUE, 'a noise rate is not negative');
  return { beta: checked, integral: t => integrate(checked, 0, t) };
};

/**
 * The schedule of Stable Diffusion in continuous time, √β linear: β(t) = (at + b)² with √β from √.85 at step 1 to √12
 * at step 1000 of 1000.
 */
export const stableDiffusionBeta = (): NoiseRate => {
  const a = ((Math.sqrt(12) - Math.sqrt(0.85)) * 1000) / 999;
  const b = Math.sqrt(0.85) - (Math.sqrt(12) - Math.sqrt(0.85)) / 999;
  // ((at + b)³ − b³)/(3a), multiplied out: the difference of cubes would lose digits for small t.
  return { beta: t => (a * t + b) ** 2, integral: t => t * (b * b + t * (a * b + (t * a * a) / 3)) };
};

/**
 * α(t) = cos(π/2 · (t + s)/(1 + s)) / cos(π/2 · s/(1 + s)), which reaches 0 with an infinite β at t = 1.
 * [Nichol & Dhariwal 2021, eq. 17]
 */
export const cosineBeta = (s = 0.008): NoiseRate => {
  const rate = Math.PI / 2 / (1 + finite('s', s));
  const start = s * rate;
  const rest = (t: number) => (1 - t) * rate; // π/2 minus the angle: exact near t = 1
  return {
    beta: t => (2 * rate * Math.sin(start + t * rate)) / Math.sin(rest(t)),
    // −2 log α, from 1 − α² where α is near 1 and from α where it is near 0.
    integral: t =>
      t < 0.5
        ? -Math.log1p((-Math.sin(2 * start + t * rate) * Math.sin(t * rate)) / Math.cos(start) ** 2)
        : -2 * Math.log(Math.sin(rest(t)) / Math.cos(start)),
  };
};

/** β = 2/(1 − t), for which α = 1 − t: infinite at t = 1. */
export const straightBeta = (): NoiseRate => ({ beta: t => 2 / (1 - t), integral: t => -2 * Math.log1p(-t) });
