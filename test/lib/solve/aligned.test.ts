import assert from 'node:assert/strict';
import { test } from 'node:test';
import { momentRun } from '../../../lib/exact/index.js';
import { integrate } from '../../../lib/math/index.js';
import { snr, subVp, timeOfScale, varsigma, ve, vp } from '../../../lib/process/index.js';
import { ddim } from '../../../lib/samplers/index.js';
import {
  alignedTimes,
  karrasTimes,
  logSnrTimes,
  pathDivergence,
  quadraticTimes,
  uniformTimes,
} from '../../../lib/solve/index.js';
import type { GaussianProcess } from '../../../lib/types.js';

/** Variances of Gaussian data, spread like those of images. */
const spectrum = [10, 1, 0.1, 0.01];
const processes = { vp: vp(), ve: ve(), subVp: subVp() };
const to = 0.01;

/** E‖x_0 − x̂_0‖² = Σ v σ²/(α² v + σ²). */
const errorOf =
  (process: GaussianProcess, variances = spectrum) =>
  (t: number): number =>
    variances.reduce((sum, v) => sum + v / (1 + v * snr(process, t)), 0);

const variance = (process: GaussianProcess, v: number, t: number): number =>
  process.alpha(t) ** 2 * v + process.sigma(t) ** 2;

/** KL(p ‖ q) of centred Gaussians. */
const divergence = (p: number, q: number): number => 0.5 * (p / q - 1 - Math.log(p / q));

const samplesDivergence = (process: GaussianProcess, times: readonly number[]): number =>
  spectrum.reduce((sum, v) => {
    const end = momentRun(
      process,
      ddim(1),
      times,
      { mean: 0, variance: v },
      { mean: 0, variance: variance(process, v, 1) },
    );
    return sum + divergence(variance(process, v, to), end.variance);
  }, 0);

test('the divergence of paths is Girsanov’s integral of the change of x̂_0 over each step', () => {
  for (const process of Object.values(processes)) {
    const times = karrasTimes(process, 7, 1, to);
    let want = 0;
    for (const v of spectrum) {
      const gain = (t: number): number => (process.alpha(t) * v) / variance(process, v, t); // x̂_0 = gain x_t
      for (let i = 1; i < times.length; i++) {
        const [t, u] = [times[i - 1]!, times[i]!];
        const change = (tau: number): number => {
          // x_t given x_τ has mean r x_τ: cov(x_t, x_τ) = r var(x_τ).
          const shared = (process.alpha(t) / process.alpha(tau)) * variance(process, v, tau);
          return (
            gain(tau) ** 2 * variance(process, v, tau) +
            gain(t) ** 2 * variance(process, v, t) -
            2 * gain(t) * gain(tau) * shared
          );
        };
        // ½ g² E(s − ŝ)² dτ with s − ŝ = α (x̂_0(x_τ) − x̂_0(x_t))/σ².
        want += integrate(
          tau => 0.5 * (process.g(tau) * process.alpha(tau)) ** 2 * process.sigma(tau) ** -4 * change(tau),
          u,
          t,
        );
      }
    }
    const got = pathDivergence(process, errorOf(process), times);
    assert.ok(Math.abs(got - want) < 1e-6 * want, `${got} against ${want}`);
  }
});

test('the samples diverge by less than the paths, on every grid', () => {
  for (const process of Object.values(processes)) {
    for (const n of [3, 10, 40]) {
      for (const times of [
        uniformTimes(n, 1, to),
        quadraticTimes(n, 1, to),
        karrasTimes(process, n, 1, to),
        logSnrTimes(process, n, 1, to),
      ]) {
        const [samples, paths] = [samplesDivergence(process, times), pathDivergence(process, errorOf(process), times)];
        assert.ok(samples > 0 && samples < paths, `${samples} against ${paths}`);
      }
    }
  }
});

test('aligned times have the least divergence of all grids, and where one is moved it rises', () => {
  for (const [kind, process] of Object.entries(processes)) {
    const error = errorOf(process);
    for (const n of [2, 5, 12]) {
      const times = alignedTimes(process, error, n, 1, to);
      assert.equal(times.length, n + 1);
      assert.deepEqual([times[0], times[n]], [1, to]);
      const least = pathDivergence(process, error, times);
      for (const other of [
        uniformTimes(n, 1, to),
        quadraticTimes(n, 1, to),
        karrasTimes(process, n, 1, to),
        logSnrTimes(process, n, 1, to),
      ]) {
        assert.ok(least < pathDivergence(process, error, other), kind);
      }
      for (let i = 1; i < n; i++) {
        for (const factor of [0.97, 1.03]) {
          const moved = [...times];
          moved[i] = timeOfScale(process, varsigma(process, times[i]!) * factor);
          assert.ok(pathDivergence(process, error, moved) > least, `${kind}, ${n} steps, time ${i}`);
        }
      }
    }
  }
});

test('what is best for the paths may be best for the samples, as under VP, and need not, as under VE', () => {
  const nearer = (process: GaussianProcess): boolean => {
    const ends = [alignedTimes(process, errorOf(process), 20, 1, to), logSnrTimes(process, 20, 1, to)].map(times =>
      samplesDivergence(process, times),
    );
    return ends[0]! < ends[1]!;
  };
  assert.deepEqual([vp(), ve()].map(nearer), [true, false]);
});

test('a noisy estimate still gives a falling grid, and nonsense is refused by name', () => {
  const process = vp();
  const noisy = (t: number): number => errorOf(process)(t) * (1 + 0.05 * Math.sin(1e5 * t));
  const times = alignedTimes(process, noisy, 20, 1, to);
  for (let i = 1; i < times.length; i++) assert.ok(times[i]! < times[i - 1]!);
  assert.throws(() => alignedTimes(process, () => Number.NaN, 5, 1, to), /denoising error at 1 is NaN/);
  assert.throws(() => alignedTimes(process, noisy, 5, 1, 0), /ς\(0\) is 0/);
  assert.throws(() => alignedTimes(process, noisy, 5, 0.1, 1), /last time/);
  assert.throws(() => pathDivergence(process, noisy, [1, 0]), /σ\(0\) is 0/);
});
