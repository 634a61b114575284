/** Where a claim has to stand, and what else asserts it. */
export interface Place {
  /** The notebooks that prove it, each by its number. */
  readonly notebooks: readonly number[];
  /** The tests of `lib` on the same formula, from test/lib/ and without `.test.ts`. */
  readonly tests: readonly string[];
}

const at = (notebooks: number | readonly number[], ...tests: string[]): Place => ({
  notebooks: [notebooks].flat(),
  tests,
});

/**
 * Every claim that the sequence of notebooks is to prove, in the order of the subject. M1 to M9 are misprints: what is
 * found in print fails, and what is right passes. G1 to G7 are of training in the plane, T1, T2, A1 and L7 to L9 of the
 * training on photographs; X1 to X4 go beyond the paper.
 */
export const places: Readonly<Record<string, Place>> = {
  W1: at(2, 'rng/brownian'),
  W2: at([2, 3], 'solve/ito'),
  F1: at(3, 'exact/density'),
  F2: at(3, 'process/ito'),
  F3: at(3, 'exact/density'),
  R1: at(9, 'process/ito', 'solve/ito'),
  R2: at(9, 'rng/brownian'),
  O1: at(10, 'process/ito', 'exact/flow'),
  O2: at(10, 'exact/line', 'exact/flow'),
  H1: at(11, 'process/ito'),
  K1: at(4, 'process/gaussian'),
  K2: at(12, 'process/convert'),
  K3: at(4, 'process/gaussian'),
  V1: at(4, 'process/gaussian', 'process/reference'),
  V2: at(4, 'process/gaussian', 'process/reference'),
  V3: at(4, 'process/gaussian', 'process/reference'),
  V4: at(12, 'process/gaussian'),
  V5: at(12, 'process/convert'),
  V6: at(12, 'process/convert'),
  V7: at(7, 'process/chain'),
  V8: at(7, 'process/schedules'),
  V9: at(5, 'process/chain'),
  L1: at(8, 'loss/matching'),
  L2: at([8, 19, 20], 'exact/tensors', 'score/score'),
  L3: at(8, 'score/score'),
  L4: at([8, 15], 'loss/weighting', 'likelihood/bound'),
  L5: at(8, 'loss/matching'),
  L6: at(8, 'loss/times'),
  S1: at([5, 13], 'exact/moments', 'samplers/sequence'),
  S2: at(13, 'samplers/runge-kutta', 'rng/brownian'),
  S3: at([5, 14], 'samplers/langevin'),
  S4: at(14, 'solve/sample'),
  S5: at(14, 'solve/denoise'),
  N1: at(15, 'likelihood/log-likelihood'),
  N2: at(15, 'likelihood/divergence'),
  N3: at([15, 20], 'likelihood/bound'),
  N4: at(16, 'likelihood/latent'),
  C1: at([17, 19], 'control/guidance'),
  C2: at(17, 'control/replacement'),
  C3: at(17, 'control/posterior', 'control/measurement'),
  D1: at(6, 'process/chain'),
  D2: at(6, 'samplers/ancestral'),
  D3: at(6, 'samplers/ancestral'),
  M1: at(10, 'samplers/ancestral'),
  M2: at(4, 'process/perturb'),
  M3: at(6, 'process/chain'),
  M4: at(11, 'process/ito'),
  M5: at(11, 'process/ito'),
  M6: at(11, 'process/ito'),
  M7: at(7, 'process/chain'),
  M8: at(14, 'process/gaussian'),
  M9: at(14, 'samplers/langevin'),
  G1: at(18, 'loss/denoising', 'exact/density'),
  G2: at(18, 'score/score', 'exact/density'),
  G3: at(18, 'loss/times', 'loss/weighting'),
  G4: at(18, 'score/score', 'loss/times'),
  G5: at(18, 'train/post-hoc', 'train/average'),
  G6: at(18, 'metrics/energy', 'likelihood/bound'),
  G7: at(18, 'exact/tensors'),
  T1: at(20),
  T2: at(20, 'train/trainer', 'train/safetensors'),
  A1: at(20, 'models/parity', 'models/resample'),
  L7: at(20),
  L8: at(20, 'score/score', 'models/edm'),
  L9: at(20, 'metrics/neighbours'),
  X1: at(21, 'samplers/multistep'),
  X2: at(21, 'solve/aligned'),
  X3: at(22, 'control/particles'),
  X4: at(22, 'control/guidance'),
  X5: at(23, 'process/transport', 'score/transport', 'loss/interpolant'),
  X6: at(23, 'process/transport'),
  X7: at(23, 'loss/coupling'),
  X8: at(23, 'exact/ends'),
  X9: at(24, 'discrete/jump-process', 'discrete/ratios', 'discrete/jump-path'),
  X10: at(24, 'discrete/score-entropy'),
  X11: at(24, 'discrete/leap'),
};

/** The number of a notebook, as in 04-transition-kernels.ipynb. */
export const numberOf = (notebook: string): number => Number.parseInt(notebook, 10);

/** The claims that no notebook proves that has to, of the notebooks that exist. */
export const missing = (
  proved: readonly { readonly id: string; readonly notebook: string }[],
  notebooks: readonly string[],
): string[] => {
  const there = new Set(notebooks.map(numberOf));
  const found = new Set(proved.map(({ id, notebook }) => `${id} in ${numberOf(notebook)}`));
  return Object.entries(places)
    .flatMap(([id, place]) => place.notebooks.filter(n => there.has(n)).map(n => `${id} in ${n}`))
    .filter(place => !found.has(place));
};
