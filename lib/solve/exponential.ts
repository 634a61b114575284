import { positive } from '../errors.js';
import { varsigma } from '../process/gaussian.js';
import type { GaussianProcess } from '../types.js';
import { fromRule, type Method } from './plan.js';

/** Nodes and weights of Gauss and Legendre's rule with 8 points on [0, 1], by Newton's method on the polynomial. */
const gaussLegendre = ((n: number): { node: number; weight: number }[] =>
  Array.from({ length: n }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let iteration = 0; iteration < 20; iteration++) {
      let [before, now] = [1, x];
      for (let k = 2; k <= n; k++) [before, now] = [now, ((2 * k - 1) * x * now - (k - 1) * before) / k];
      slope = (n * (x * now - before)) / (x * x - 1);
      x -= now / slope;
    }
    return { node: 0.5 * (1 + x), weight: 1 / ((1 - x * x) * slope * slope) };
  }))(8);

/** ∫_u^t α_u/α(τ) g(τ)² dτ: how a score that stays as it is drives the state. */
const drive = (process: GaussianProcess, t: number, u: number): number => {
  // One panel for each factor e of noise, up to 16: for the short steps of a sampler that is one.
  const ratio = Math.log(varsigma(process, t) / varsigma(process, u));
  const panels = Math.min(16, Math.max(1, Math.ceil(ratio)));
  const width = (t - u) / panels;
  let total = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (const { node, weight } of gaussLegendre) {
      const tau = u + (panel + node) * width;
      total += (weight * width * process.g(tau) ** 2) / process.alpha(tau);
    }
  }
  return process.alpha(u) * total;
};

/**
 * The exponential integrator: the linear drift is solved exactly while the score stays frozen over the step, with
 * noise h = λ g: x′ = (α_u/α_t) x + ½(1 + λ²) ∫(α_u/α) g² dτ · s + λ α_u √(ς_t² − ς_u²) z. λ = 1 is the reverse SDE and
 * λ = 0 the probability flow. For VE with λ = 1 it is reverse diffusion. [Zhang & Chen 2023; arXiv 2405.14250]
 */
export const exponential = (lambda = 1): Method => {
  if (lambda !== 0) positive('lambda', lambda);
  return fromRule((process, t, u) => {
    const [high, low] = [varsigma(process, t), varsigma(process, u)];
    return {
      a: process.alpha(u) / process.alpha(t),
      b: 0.5 * (1 + lambda * lambda) * drive(process, t, u),
      c: lambda * process.alpha(u) * Math.sqrt((high - low) * (high + low)),
    };
  });
};
