import { integer } from '../errors.js';

/** The learning rate at step n = 0, 1, …, on the host. */
export type LearningRate = (n: number) => number;

/** Linear from 0 over the first `warmup` steps, then constant. [Song 2021, app. G] */
export const warmup = (rate: number, warmupSteps = 5000): LearningRate => {
  integer('warmupSteps', warmupSteps, 1);
  return n => rate * Math.min((n + 1) / warmupSteps, 1);
};

/** Linear warm-up; after `after` steps the rate falls as 1/√n. [Karras 2024, eq. 67] */
export const inverseRootDecay = (rate: number, after: number, warmupSteps = 1): LearningRate => {
  integer('after', after, 1);
  const rise = warmup(rate, warmupSteps);
  return n => rise(n) / Math.sqrt(Math.max(n / after, 1));
};

/** Linear warm-up, then half a cosine down to 0 at `total`. */
export const cosineDecay = (rate: number, total: number, warmupSteps = 1): LearningRate => {
  integer('total', total, warmupSteps + 1);
  const rise = warmup(rate, warmupSteps);
  return n => {
    const done = Math.min(Math.max((n - warmupSteps) / (total - warmupSteps), 0), 1);
    return (rise(n) * (1 + Math.cos(Math.PI * done))) / 2;
  };
};
