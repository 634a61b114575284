/** The standard normal law on the line: density, distribution function and its inverse, float64. */

/** exp(−z²/2)/√(2π). */
export const normalDensity = (z: number): number => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

const polynomial = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, c) => sum * x + c, 0);

// Acklam's rational approximation, a relative error below 1.2e-9: ample for drawing times.
const centreTop = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
];
const centreBottom = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1, 1,
];
const tailTop = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const tailBottom = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1];

/** The z with Φ(z) = u, for u in [0, 1]. */
export const normalQuantile = (u: number): number => {
  if (u > 0.5) return -normalQuantile(1 - u);
  if (u === 0) return Number.NEGATIVE_INFINITY;
  if (u < 0.02425) {
    const r = Math.sqrt(-2 * Math.log(u));
    return polynomial(tailTop, r) / polynomial(tailBottom, r);
  }
  const q = u - 0.5;
  return (q * polynomial(centreTop, q * q)) / polynomial(centreBottom, q * q);
};

/** erf by Σ 2ⁿ x²ⁿ⁺¹/(2n+1)!!, whose terms are all positive. Converges fast for |x| < 3. */
const erfSeries = (x: number): number => {
  let term = x;
  let total = x;
  for (let n = 1; term > 1e-18 * total && n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    total += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
};

/** erfc by its continued fraction, evaluated from the inside; for x ≥ 2. */
const erfcFraction = (x: number): number => {
  let tail = x;
  for (let n = 120; n >= 1; n--) tail = x + n / 2 / tail;
  return Math.exp(-x * x) / (tail * Math.sqrt(Math.PI));
};

/** 1 − erf(x), accurate in the tail too. */
export const erfc = (x: number): number => {
  if (x < 0) return 2 - erfc(-x);
  return x < 2 ? 1 - erfSeries(x) : erfcFraction(x);
};

/** P(Z ≤ z) for Z ~ N(0, 1). */
export const normalCdf = (z: number): number => 0.5 * erfc(-z / Math.SQRT2);
