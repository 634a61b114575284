/**
 * The face of the library, as a table of contents. What is not named here is reached through its room, such as
 * `lib/samplers/index.js` or `lib/math/index.js`.
 */

// Processes: dx = f(t) x dt + g(t) dw and its kernel p(x_t | x_0) = N(α(t) x_0, σ(t)² I)

export {
  cosine,
  ddpmChain,
  edm,
  fromAlphaSigma,
  fromDriftDiffusion,
  fromScaleSigma,
  fullNoise,
  ito,
  linearBeta,
  logSnr,
  type NoiseLevel,
  type NoiseRate,
  noNoise,
  perturb,
  prior,
  rectifiedFlow,
  reverse,
  smldChain,
  stableDiffusion,
  subVp,
  toVe,
  toVp,
  varsigma,
  ve,
  vp,
} from './process/index.js';
export type { GaussianProcess, ItoProcess, Score } from './types.js';

// Random numbers: the same on every backend, and from any restart point

export { philox, type Rng } from './rng/index.js';

// What a network predicts, and the score that it stands for

export {
  denoised,
  logSigmaLabel,
  type Prediction,
  precondition,
  predictData,
  predictFlow,
  predictNoise,
  predictScore,
  predictVelocity,
  scoreFrom,
  stepLabel,
  toPrediction,
} from './score/index.js';

// Networks: small ones, and those of the papers (their settings and files are in `lib/models/index.js`)

export { ncsnpp } from './models/index.js';
export { dropout, mlp, type Network, parameterCount, unet } from './nn/index.js';

// Losses and training

export {
  type DenoisingBatch,
  denoisingBatch,
  edmWeighting,
  likelihoodWeighting,
  logNormalDistribution,
  lossOf,
  stratifiedTimes,
  type TimeDistribution,
  uniformDistribution,
  varianceWeighting,
  type Weighting,
} from './loss/index.js';
export {
  type Archive,
  adam,
  chain,
  clip,
  cosineDecay,
  decodeSafetensors,
  encodeSafetensors,
  exponentialAverage,
  float32,
  postHoc,
  powerAverage,
  readParameters,
  restore,
  snapshot,
  type Trainer,
  train,
  trainer,
  training,
  warmup,
  writeParameters,
} from './train/index.js';

// Samplers: one step as coefficients

export {
  ancestral,
  annealedLangevin,
  type Corrector,
  churned,
  ddim,
  dpmSolver2M,
  dpmSolver2MSde,
  euler,
  eulerMaruyama,
  exponentialIntegrator,
  heun,
  langevin,
  reverseDiffusion,
  reverseFlow,
  rk4,
  type Sampler,
  sra,
} from './samplers/index.js';

// Sampling: a step on tensors, the times, the run

export { solveOde } from './adaptive/index.js';
export {
  arrived,
  compose,
  corrector,
  denoise,
  eulerMaruyamaIto,
  karrasTimes,
  last,
  logSnrTimes,
  predictor,
  quadraticTimes,
  repeat,
  type State,
  type Step,
  sample,
  solve,
  trajectory,
  uniformTimes,
} from './solve/index.js';

// Likelihood and latent codes

export {
  bitsPerDimension,
  centred256,
  decode,
  dequantise,
  encode,
  exactTrace,
  hutchinson,
  interpolate,
  logLikelihood,
  variationalBound,
} from './likelihood/index.js';

// Control: classes, parts and measurements of a sample

export {
  blockMeans,
  type ClassScore,
  channels,
  classifierFreeGuidance,
  classifierGuidance,
  dps,
  grey,
  type Measurement,
  masked,
  ofClass,
  pseudoinverseGuidance,
  replacement,
} from './control/index.js';

// Models whose densities, scores and samples are known exactly

export {
  density,
  exactLogDensity,
  exactScore,
  gaussian,
  type Mixture,
  marginal,
  mixture,
  sampleMixture,
} from './exact/index.js';

// Distances between sets of samples

export {
  energyDistance,
  frechetDistance,
  ksTest,
  maximumMeanDiscrepancy,
  type Points,
  slicedWasserstein,
} from './metrics/index.js';
