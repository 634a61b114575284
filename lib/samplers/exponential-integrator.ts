import { positive } from '../errors.js';
import { gaussLegendre } from '../math/gauss-legendre.js';
import { varsigma } from '../process/gaussian.js';
import type { GaussianProcess } from '../types.js';
import { fromCoefficients, type Sampler } from './plan.js';

const nodes = gaussLegendre(8);

/** ∫_u^t α_u/α(τ) g(τ)² dτ: how a score that stays as it is drives the state. */
const drive = (process: GaussianProcess, t: number, u: number): number => {
  // One panel for each factor e of noise, up to 16: for the short steps of a sampler that is one.
  const ratio = Math.log(varsigma(process, t) / varsigma(process, u));
  const panels = Math.min(16, Math.max(1, Math.ceil(ratio)));
  const width = (t - u) / panels;
  let total = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (const { node, weight } of nodes) {
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
export const exponentialIntegrator = (lambda = 1): Sampler => {
  if (lambda !== 0) positive('lambda', lambda);
  return fromCoefficients((process, t, u) => {
    const [high, low] = [varsigma(process, t), varsigma(process, u)];
    return {
      a: process.alpha(u) / process.alpha(t),
      b: 0.5 * (1 + lambda * lambda) * drive(process, t, u),
      c: lambda * process.alpha(u) * Math.sqrt((high - low) * (high + low)),
    };
  });
};
