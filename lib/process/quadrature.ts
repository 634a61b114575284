import { reject } from '../errors.js';

/** Nodes on [0, 1] of the 15-point Kronrod rule, its weights, and those of the 7-point Gauss rule it contains. */
const rule: readonly (readonly [node: number, kronrod: number, gauss: number])[] = [
  [0.9914553711208126, 0.022935322010529224, 0],
  [0.9491079123427585, 0.06309209262997856, 0.1294849661688697],
  [0.8648644233597691, 0.10479001032225019, 0],
  [0.7415311855993945, 0.14065325971552592, 0.27970539148927664],
  [0.5860872354676911, 0.1690047266392679, 0],
  [0.4058451513773972, 0.19035057806478542, 0.3818300505051189],
  [0.20778495500789848, 0.20443294007529889, 0],
  [0, 0.20948214108472782, 0.4179591836734694],
];

const panel = (f: (t: number) => number, lo: number, hi: number) => {
  const middle = (lo + hi) / 2;
  const half = (hi - lo) / 2;
  let kronrod = 0;
  let gauss = 0;
  for (const [node, wk, wg] of rule) {
    const y = node === 0 ? f(middle) : f(middle - half * node) + f(middle + half * node);
    kronrod += wk * y;
    gauss += wg * y;
  }
  return { value: kronrod * half, error: Math.abs(kronrod - gauss) * half };
};

/**
 * ∫ f over [lo, hi] by adaptive Gauss–Kronrod quadrature: panels are halved until the two rules agree. f is never
 * called at the ends.
 * @param tolerance relative to the integral of |f| over the panels so far
 * @throws RangeError when f is not finite or 60 halvings do not suffice
 */
export const integrate = (f: (t: number) => number, lo: number, hi: number, tolerance = 1e-14): number => {
  if (lo === hi) return 0;
  const whole = panel(f, lo, hi);
  const scale = Math.abs(whole.value);
  const go = (from: number, to: number, depth: number): number => {
    const { value, error } = panel(f, from, to);
    if (!Number.isFinite(value))
      reject(`the integrand on [${from}, ${to}]`, value, 'it has to be finite there');
    // The Gauss rule's error bounds the Kronrod rule's from far above: its 1.5th power is the usual estimate.
    const size = Math.max(Math.abs(value), scale * Number.EPSILON);
    const estimate = size * Math.min(1, (200 * error) / size) ** 1.5;
    if (estimate <= tolerance * Math.max(scale * ((to - from) / (hi - lo)), size)) return value;
    if (depth === 60)
      reject(`the integral on [${from}, ${to}]`, value, 'it does not settle; is there a pole?');
    const middle = (from + to) / 2;
    return go(from, middle, depth + 1) + go(middle, to, depth + 1);
  };
  return go(lo, hi, 0);
};
