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
  const sum = { kronrod: 0, gauss: 0, size: 0 };
  for (const [node, wk, wg] of rule) {
    const right = f(middle + half * node);
    const left = node === 0 ? 0 : f(middle - half * node);
    sum.kronrod += wk * (left + right);
    sum.gauss += wg * (left + right);
    sum.size += wk * (Math.abs(left) + Math.abs(right));
  }
  return {
    value: sum.kronrod * half,
    size: Math.abs(sum.size * half),
    error: Math.abs((sum.kronrod - sum.gauss) * half),
  };
};

/**
 * Where the 7-point rule is this close, relative to ∫|f|, the 15-point rule, exact to a degree 1.6 times as high, has
 * an error near 1e-15.
 */
const close = 1e-9;

/**
 * ∫ f over [lo, hi] by adaptive Gauss–Kronrod quadrature: panels are halved until the two rules agree. f is never
 * called at the ends. For smooth f the error is near 1e-15 ∫|f|.
 * @throws RangeError when f is not finite or 2000 panels do not suffice
 */
export const integrate = (f: (t: number) => number, lo: number, hi: number): number => {
  if (lo === hi) return 0;
  const pending: [from: number, to: number][] = [[lo, hi]];
  let total = 0;
  for (let panels = 0; pending.length > 0; panels++) {
    const [from, to] = pending.pop()!;
    const { value, size, error } = panel(f, from, to);
    if (!Number.isFinite(value)) reject(`the integrand on [${from}, ${to}]`, value, 'it has to be finite there');
    if (panels > 2000) reject(`the integral near ${from}`, value, 'it does not settle; is there a pole or a jump?');
    const middle = (from + to) / 2;
    if (error <= close * size) total += value;
    else pending.push([middle, to], [from, middle]);
  }
  return total;
};
