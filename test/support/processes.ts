import {
  cosine,
  edm,
  fromDriftDiffusion,
  rectifiedFlow,
  stableDiffusion,
  subVp,
  ve,
  vp,
} from '../../lib/process/index.js';
import type { GaussianProcess } from '../../lib/types.js';

/** Every kind of process, for properties that hold for all. A new one is one row. */
export const processes: Readonly<Record<string, GaussianProcess>> = {
  vp: vp(),
  subVp: subVp(),
  ve: ve(),
  stableDiffusion: stableDiffusion(),
  cosine: cosine(),
  rectifiedFlow: rectifiedFlow(),
  edm: edm(),
  ornsteinUhlenbeck: fromDriftDiffusion(
    () => -1,
    () => Math.SQRT2,
    3,
  ),
};

/** The three of the paper, for tests that are too slow for all. */
export const paperProcesses = { vp: vp(), ve: ve(), subVp: subVp() };

/** Times from T·1e-6 to T for a number u in [0, 1], most of them early. */
export const timeAt = ({ T }: GaussianProcess, u: number): number => T * 1e-6 ** (1 - u);

/** |a − b| relative to b. */
export const relative = (a: number, b: number): number => Math.abs(a - b) / (Math.abs(b) || 1);
