/** What an all-reduce costs, and what that makes of many machines. */

/**
 * The ring all-reduce of P float32 over N tasks has 2(N − 1) rounds, in each of which a task sends 4P/N bytes:
 * t = 2(N − 1) a + 2(N − 1)/N · 4P/b, with the latency a of a round in seconds and b in bytes a second.
 */
export interface Cost {
  readonly latency: number;
  readonly bandwidth: number;
}

export const allReduceSeconds = ({ latency, bandwidth }: Cost, tasks: number, parameters: number): number =>
  2 * (tasks - 1) * (latency + (4 * parameters) / (tasks * bandwidth));

/** The cost of a round between two tasks, t = 2a + 4P/b, by least squares of relative errors. */
export const fitted = (measured: readonly (readonly [parameters: number, seconds: number])[]): Cost => {
  let [s0, s1, s2, r0, r1] = [0, 0, 0, 0, 0];
  for (const [p, t] of measured) {
    const [x, y] = [1 / t, p / t]; // 1 = u x + v y
    s0 += x * x;
    s1 += x * y;
    s2 += y * y;
    r0 += x;
    r1 += y;
  }
  const determinant = s0 * s2 - s1 * s1;
  const u = (r0 * s2 - r1 * s1) / determinant;
  const v = (r1 * s0 - r0 * s1) / determinant;
  return { latency: Math.max(0, u) / 2, bandwidth: 4 / v };
};

/** The share of a step that is not spent in the all-reduce, where every machine's part of the batch takes `seconds`. */
export const efficiency = (cost: Cost, tasks: number, parameters: number, seconds: number): number =>
  seconds / (seconds + allReduceSeconds(cost, tasks, parameters));
