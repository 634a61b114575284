import type { Fault } from './planted.js';

const notebook = '18-training-in-the-plane';

/** Faults of losses, their times and weights, predictions and averages, for the notebook that measures the gap. */
export const trainingFaults: readonly Fault[] = [
  {
    what: 'the loss forgets its weights',
    notebook,
    file: 'loss/denoising.ts',
    right: 'return mul(at(rows.weight), square(error));',
    wrong: 'return square(error);',
  },
  {
    what: 'the posterior has the observation’s noise for its variance',
    notebook,
    file: 'exact/condition.ts',
    right: 'i === j ? v + sigma * sigma : v',
    wrong: 'i === j ? v + sigma : v',
  },
  {
    what: 'EDM’s target has the noise with the other sign',
    notebook,
    file: 'score/prediction.ts',
    right: 'noise: -sigmaData / norm(t)',
    wrong: 'noise: sigmaData / norm(t)',
  },
  {
    what: 'v is α ε + σ x₀',
    notebook,
    file: 'score/prediction.ts',
    right: 'plain(t => ({ data: -process.sigma(t), noise: process.alpha(t) }), label)',
    wrong: 'plain(t => ({ data: process.sigma(t), noise: process.alpha(t) }), label)',
  },
  {
    what: 'the likelihood’s weight is g',
    notebook,
    file: 'loss/weighting.ts',
    right: 'process.g(t) ** 2;',
    wrong: 'process.g(t);',
  },
  {
    what: 'times even in log-SNR have the density of uniform ones',
    notebook,
    file: 'loss/times.ts',
    right: 'density: t => ((process.g(t) / process.sigma(t)) ** 2 * (hi - lo)) / fall',
    wrong: 'density: t => (t > 0 ? 1 : fall)',
  },
  {
    what: 'a power-function average has the exponent γ for γ + 1',
    notebook,
    file: 'train/average.ts',
    right: '(1 - 1 / n) ** (gamma + 1)',
    wrong: '(1 - 1 / n) ** gamma',
  },
  {
    what: 'profiles of averages overlap without their areas',
    notebook,
    file: 'train/post-hoc.ts',
    right: '(((g + 1) * (h + 1)) / ((g + h + 1) * last))',
    wrong: '(1 / ((g + h + 1) * last))',
  },
];
