import assert from 'node:assert/strict';
import { test } from 'node:test';
import { derivative, logSlope } from '../../../lib/math/derivative.js';
import { integrate } from '../../../lib/math/quadrature.js';
import { relative } from '../../support/processes.js';

test('polynomials up to degree 22 are integrated exactly by a single panel', () => {
  for (let degree = 0; degree <= 22; degree++) {
    assert.ok(
      relative(
        integrate(t => t ** degree, 0, 1),
        1 / (degree + 1),
      ) < 4e-15,
      `degree ${degree}`,
    );
  }
});

test('smooth, peaked, oscillating and singular integrands reach 1e-13', () => {
  const cases: [number, number][] = [
    [integrate(Math.exp, 0, 3), Math.expm1(3)],
    [integrate(t => 1 / (1e-6 + t * t), -1, 1), 2e3 * Math.atan(1e3)],
    [integrate(t => Math.cos(40 * t), 0, 1), Math.sin(40) / 40],
    [integrate(t => Math.sqrt(t), 0, 1), 2 / 3],
    [integrate(Math.exp, 0, 1e-8), Math.expm1(1e-8)],
    [integrate(Math.exp, 3, 0), -Math.expm1(3)],
  ];
  for (const [value, expected] of cases) assert.ok(relative(value, expected) < 1e-13, `${value} ${expected}`);
  assert.equal(integrate(Math.exp, 2, 2), 0);
});

test('a pole and a value that is not finite are refused with the place', () => {
  assert.throws(() => integrate(t => 1 / t, 0, 1), RangeError);
  assert.throws(() => integrate(() => Number.NaN, 0, 1), /the integrand on \[0, 1\] is NaN/);
});

test('derivatives agree with closed forms inside and at both ends', () => {
  for (const t of [0, 1e-7, 1e-3, 0.3, 1, 1.999, 2]) {
    assert.ok(relative(derivative(Math.exp, 2)(t), Math.exp(t)) < 1e-8, `at ${t}`);
    assert.ok(relative(derivative(s => Math.sin(3 * s), 2)(t), 3 * Math.cos(3 * t)) < 1e-8, `at ${t}`);
  }
});

test('a derivative asks for nothing outside the interval', () => {
  const inside = (t: number) => (t < 0 || t > 2 ? Number.NaN : Math.exp(t));
  for (const t of [0, 0.01, 1, 1.99, 2]) assert.ok(Math.abs(derivative(inside, 2)(t) / Math.exp(t) - 1) < 1e-8, `${t}`);
});

test('the slope of a power in ln t is its exponent, near 0 and at the end', () => {
  for (const t of [1e-9, 0.5, 2]) assert.ok(Math.abs(logSlope(s => 5 * s ** 3, 2)(t) - 3) < 1e-8, `at ${t}`);
});
