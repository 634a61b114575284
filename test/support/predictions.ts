import {
  type Prediction,
  precondition,
  predictData,
  predictFlow,
  predictNoise,
  predictScore,
  predictVelocity,
} from '../../lib/score/prediction.js';
import type { GaussianProcess } from '../../lib/types.js';

/** Every prediction target of the library, under any process. A new one is one row. */
export const predictions: Readonly<Record<string, (process: GaussianProcess) => Prediction>> = {
  noise: () => predictNoise(),
  data: () => predictData(),
  score: process => predictScore(process),
  velocity: process => predictVelocity(process),
  flow: process => predictFlow(process),
  edm: process => precondition(process),
};
