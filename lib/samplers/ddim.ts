import { within } from '../errors.js';
import { fromCoefficients, type Sampler } from './plan.js';
import { exactTransition } from './transition.js';

/**
 * DDIM: x′ = α_u x̂_0 + √(σ_u² − c²) ε + c z, with x̂_0 and ε from the score and c = η √(v σ_u²/σ_t²).
 * η = 0 is Euler's method for d(x/α)/dς, η = 1 ancestral sampling. [Song, Meng & Ermon 2021, eq. 12 and 16]
 */
export const ddim = (eta = 0): Sampler => {
  within('eta', eta, 0, 1);
  return fromCoefficients((process, t, u) => {
    const [alpha, sigma, sigmaU] = [process.alpha(t), process.sigma(t), process.sigma(u)];
    const c = eta === 0 ? 0 : (eta * Math.sqrt(exactTransition(process, t, u).v) * sigmaU) / sigma;
    const direction = Math.sqrt(Math.max(0, sigmaU * sigmaU - c * c));
    const a = process.alpha(u) / alpha;
    return { a, b: sigma * (a * sigma - direction), c };
  });
};
