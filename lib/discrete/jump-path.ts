import { integer } from '../errors.js';
import { bisect } from '../math/bisect.js';
import { drawn } from '../math/drawn.js';
import type { Rng } from '../rng/rng.js';
import type { JumpProcess } from './jump-process.js';

/** A state, and the time from which it holds. */
export interface Stay {
  readonly t: number;
  readonly state: number;
}

/**
 * One path from time 0 to T, exact: in the clock B(t) a state holds for an exponential time, and where it jumps to is drawn by
 * its rates. [Gillespie 1977]
 */
export const jumpPath = ({ T, rates, noise }: JumpProcess, start: number, rng: Rng): Stay[] => {
  integer('the start', start, 0, rates.length - 1);
  const path: Stay[] = [{ t: 0, state: start }];
  const end = noise.integral(T);
  let [clock, state] = [0, start];
  for (;;) {
    const leaving = Math.abs(rates[state]![state]!);
    const [u, v] = rng.uniforms(2) as unknown as [number, number];
    clock += -Math.log1p(-u) / leaving; // infinite where a state is never left
    if (!(clock < end)) return path;
    const from = state;
    state = drawn(
      rates[from]!.map((rate, y) => (y === from ? 0 : rate / leaving)),
      v,
    );
    path.push({ t: bisect(t => noise.integral(t) < clock, 0, T), state });
  }
};
