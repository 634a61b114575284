import type { JumpProcess, Law } from './jump-process.js';
import { lawAt } from './jump-process.js';

/**
 * p_t(y)/p_t(x) for all y, [n]: what stands in the place of the score, which no discrete law has. [Meng 2022; Lou 2024]
 */
export type Ratios = (x: number, t: number) => readonly number[];

/** The ratios of a law that is known at time 0. */
export const exactRatios = (process: JumpProcess, data: Law): Ratios => {
  let kept: { t: number; law: number[] } | undefined;
  return (x, t) => {
    if (kept?.t !== t) kept = { t, law: lawAt(process, data, t) };
    const { law } = kept;
    return law.map(v => v / law[x]!);
  };
};

/**
 * The rates out of x of the chain that runs from T to 0 with the same p_t: β(t) Q[y][x] p_t(y)/p_t(x), and what makes them
 * sum to 0 at x itself. [Kelly 1979; Campbell 2022]
 */
export const reverseRates = ({ rates, noise }: JumpProcess, ratios: Ratios, x: number, t: number): number[] => {
  const [beta, ratio] = [noise.beta(t), ratios(x, t)];
  // A rate of 0 needs no ratio, which may be infinite where a state is impossible.
  const out = rates.map((row, y) => (y === x || row[x] === 0 ? 0 : beta * row[x]! * ratio[y]!));
  out[x] = -out.reduce((sum, v) => sum + v, 0);
  return out;
};
