import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { integrate } from '../../../lib/math/quadrature.js';
import { edm, fromAlphaSigma, fromScaleSigma } from '../../../lib/process/alpha-sigma.js';
import { gaussianProcess, logSnr, snr, varsigma } from '../../../lib/process/gaussian.js';
import { veFrom } from '../../../lib/process/ve.js';
import { rectifiedFlow, subVp, vp } from '../../../lib/process/vp.js';
import { processes, relative, timeAt } from '../../support/processes.js';

const unit = fc.double({ min: 0, max: 1, noNaN: true });

for (const [name, process] of Object.entries(processes)) {
  test(`${name}: α = exp ∫f and σ² = α² ∫ g²/α² by quadrature, to 1e-10`, () => {
    fc.assert(
      fc.property(unit, u => {
        const t = timeAt(process, u);
        assert.ok(relative(Math.exp(integrate(process.f, 0, t)), process.alpha(t)) < 1e-10);
        const ratio = (s: number) => (process.g(s) / process.alpha(s)) ** 2;
        assert.ok(relative(Math.sqrt(integrate(ratio, 0, t)) * process.alpha(t), process.sigma(t)) < 1e-10);
      }),
      { numRuns: 30 },
    );
  });

  test(`${name}: the SNR falls, starts infinite, and agrees with its logarithm and with ς`, () => {
    fc.assert(
      fc.property(unit, fc.double({ min: 1e-3, max: 0.5, noNaN: true }), (u, gap) => {
        const s = timeAt(process, u * 0.5);
        const t = timeAt(process, u * 0.5 + gap);
        assert.ok(snr(process, s) > snr(process, t));
        assert.ok(relative(Math.log(snr(process, t)), logSnr(process, t)) < 1e-9);
        assert.ok(relative(varsigma(process, t), process.sigma(t) / process.alpha(t)) < 1e-15);
      }),
    );
    assert.equal(process.alpha(0), 1);
    assert.equal(process.sigma(0), 0);
  });

  test(`${name}: times outside [0, T] are refused with the value and the range`, () => {
    for (const t of [-1e-9, process.T * 1.01, Number.NaN]) {
      assert.throws(() => process.sigma(t), { name: 'RangeError', message: new RegExp(`t is ${t}: .*${process.T}`) });
    }
    assert.equal(Number.isFinite(process.sigma(Math.fround(process.T))), true); // a time that went through float32
  });
}

test('the constants of the original experiments', () => {
  assert.ok(relative(vp().alpha(1), 0.00657159) < 1e-6);
  assert.ok(relative(vp().sigma(1), 0.999978) < 1e-6);
  assert.ok(relative(subVp().sigma(1), 0.999957) < 1e-6);
  assert.ok(relative(vp().sigma(1e-5), 1.0005e-3) < 1e-5);
  assert.ok(relative(subVp().sigma(1e-5), 1.001e-6) < 1e-5);
});

test('sub-VP has σ = 1 − α² and less variance than VP, and keeps digits that float32 arithmetic loses', () => {
  fc.assert(
    fc.property(unit, u => {
      const t = timeAt(vp(), u);
      assert.ok(subVp().sigma(t) < vp().sigma(t));
      assert.ok(Math.abs(subVp().sigma(t) - (1 - vp().alpha(t) ** 2)) < 1e-15);
    }),
  );
  const B = Math.fround(1e-5 * (0.1 + 1e-5 * 9.95));
  const single = 1 - Math.fround(Math.exp(-B));
  assert.ok(relative(single, subVp().sigma(1e-5)) > 0.01, 'float32 1 − e^−B is off by percents here');
});

test('poles and schedules that are not monotone are named', () => {
  assert.throws(() => rectifiedFlow(undefined, 1).f(1), /f\(1\) is -Infinity: .*end the process before it/);
  const bumpy = fromAlphaSigma({
    alpha: () => 1,
    sigma: t => t * (1 - t),
    sigmaRate: t => 1 - 2 * t,
    alphaRate: () => 0,
  });
  assert.throws(() => bumpy.g(0.7), /g\(0\.7\) is NaN: .*monotone/);
  assert.throws(() => gaussianProcess({ ...vp(), T: -1 }), /T is -1/);
  assert.throws(() => vp(undefined, Number.NaN), /T is NaN/);
});

test('g from the kernel alone holds down to 1e-12 T, whether σ starts as √t or as t', () => {
  const [known, direct] = [vp(), edm(3)];
  for (const t of [1e-12, 1e-9, 1e-7, 1e-4, 0.3, 1]) {
    const pairs = [
      [fromAlphaSigma({ alpha: known.alpha, sigma: known.sigma }).g(t), known.g(t)],
      [fromAlphaSigma({ alpha: () => 1, sigma: s => s, T: 3 }).g(t), direct.g(t)],
      [fromScaleSigma({ scale: () => 1, sigma: s => s, T: 3 }).g(t), direct.g(t)],
      [veFrom(Math.sqrt).g(t), 1],
      [veFrom(s => s, 3).g(t), direct.g(t)],
    ] as const;
    for (const [i, [got, want]] of pairs.entries())
      assert.ok(relative(got, want) < 1e-8, `${i} at ${t}: ${got}, ${want}`);
  }
});
