import type { Fault } from './planted.js';

const [multistep, particles, interpolants] = ['21-multistep', '22-particles', '23-interpolants'];

/** Faults of what goes beyond the paper. */
export const beyondFaults: readonly Fault[] = [
  {
    what: 'the corrector takes the wrong side of the surprise',
    notebook: multistep,
    file: 'samplers/multistep.ts',
    right: '[-lagrange(points.slice(1), i)(points[0]!), rows.kept(i)]',
    wrong: '[lagrange(points.slice(1), i)(points[0]!), rows.kept(i)]',
  },
  {
    what: 'a step is mended with the values of the next one',
    notebook: multistep,
    file: 'samplers/multistep.ts',
    right: 'const last = past.slice(0, order);',
    wrong: 'const last = past.slice(0, order - 1);',
  },
  {
    what: 'noise does not make D count faster',
    notebook: multistep,
    file: 'samplers/carried.ts',
    right: '(varsigma(process, u) / scale) ** (1 + noise * noise)) / scale',
    wrong: 'varsigma(process, u) / scale) / scale',
  },
  {
    what: 'the divergence of paths is the whole area',
    notebook: multistep,
    file: 'solve/aligned.ts',
    right: 'return area / 2;',
    wrong: 'return area;',
  },
  {
    what: 'aligned times stand below the curve',
    notebook: multistep,
    file: 'solve/aligned.ts',
    right: 'errors[a]! * (signals[b]! - signals[a]!)',
    wrong: 'errors[b]! * (signals[b]! - signals[a]!)',
  },
  {
    what: 'a guide’s pull is weighed with the wrong sign',
    notebook: particles,
    file: 'control/particles.ts',
    right: '-(b / c) * along[k]!',
    wrong: '(b / c) * along[k]!',
  },
  {
    what: 'the square of the pull is counted twice',
    notebook: particles,
    file: 'control/particles.ts',
    right: '/ (2 * c * c)',
    wrong: '/ (c * c)',
  },
  {
    what: 'particles drawn anew keep their weights',
    notebook: particles,
    file: 'control/particles.ts',
    right: 'weights = new Float64Array(n).fill(1 / n);',
    wrong: '',
  },
  {
    what: 'ψ is multiplied in without taking the one before out',
    notebook: particles,
    file: 'control/particles.ts',
    right: 'Math.log(w) - logs[k]! + moved',
    wrong: 'Math.log(w) + moved',
  },
  {
    what: 'noise backwards has the drift of noise forwards',
    notebook: interpolants,
    file: 'process/transport.ts',
    right: 'drift: stirred(transport, h, -0.5),',
    wrong: 'drift: stirred(transport, h, 0.5),',
  },
  {
    what: 'the score of a velocity has a sum for a difference',
    notebook: interpolants,
    file: 'process/transport.ts',
    right: 'path.sigma(time) - path.alpha(time) * path.sigmaRate(time)',
    wrong: 'path.sigma(time) + path.alpha(time) * path.sigmaRate(time)',
  },
  {
    what: 'latent noise flows the wrong way',
    notebook: interpolants,
    file: 'score/transport.ts',
    right: 'path.gammaGrowth(time) / path.gamma(time)',
    wrong: '-path.gammaGrowth(time) / path.gamma(time)',
  },
  {
    what: 'a network is trained to the ends, not to their rates',
    notebook: interpolants,
    file: 'loss/interpolant.ts',
    right: '[path.alphaRate, x0]',
    wrong: '[path.alpha, x0]',
  },
  {
    what: 'the exact flow forgets the latent noise',
    notebook: interpolants,
    file: 'exact/ends.ts',
    right: 'block(dα, dσ, growth)',
    wrong: 'block(dα, dσ, 0)',
  },
  {
    what: 'the bridge has the noise squared once',
    notebook: interpolants,
    file: 'exact/ends.ts',
    right: 'noise ** 4',
    wrong: 'noise ** 2',
  },
  {
    what: 'partners are drawn from a row as if it summed to 1',
    notebook: interpolants,
    file: 'loss/coupling.ts',
    right: 'reached < u / n',
    wrong: 'reached < u',
  },
];
