/**
 * The checks at the edge of the library: each names the offending value and the way out, and returns the value
 * it accepted, so that a check can stand where the value is used.
 */

/** Shows a value the way a message needs it: numbers in full, lists shortened. */
export const show = (value: unknown): string => {
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value) && !ArrayBuffer.isView(value)) return JSON.stringify(value) ?? String(value);
  const list = Array.from(value as unknown as ArrayLike<unknown>);
  const shown = list.slice(0, 6).map(String).join(', ');
  return `[${shown}${list.length > 6 ? `, … ${list.length} values` : ''}]`;
};

/** @throws RangeError always: `name` is `value`, and how to put it right. */
export function reject(name: string, value: unknown, fix: string): never {
  throw new RangeError(`${name} is ${show(value)}: ${fix}`);
}

/** A finite number. */
export const finite = (name: string, value: number, fix = 'give a finite number'): number =>
  Number.isFinite(value) ? value : reject(name, value, fix);

/** A finite number above zero. */
export const positive = (name: string, value: number, fix = 'give a finite number above 0'): number =>
  Number.isFinite(value) && value > 0 ? value : reject(name, value, fix);

/** An integer in [lo, hi]. */
export const integer = (name: string, value: number, lo = 0, hi = Number.MAX_SAFE_INTEGER): number =>
  Number.isInteger(value) && value >= lo && value <= hi
    ? value
    : reject(name, value, `give an integer from ${lo} to ${hi}`);

/** A number in [lo, hi]. */
export const within = (name: string, value: number, lo: number, hi: number, fix = ''): number =>
  value >= lo && value <= hi ? value : reject(name, value, `it has to lie in [${lo}, ${hi}]${fix ? `; ${fix}` : ''}`);

/** A grid of at least two finite numbers that strictly rises (+1) or falls (-1). */
export const monotone = <G extends ArrayLike<number>>(name: string, grid: G, direction: 1 | -1): G => {
  const word = direction === 1 ? 'rise' : 'fall';
  if (grid.length < 2) reject(name, grid, 'give at least two values');
  for (let i = 0; i < grid.length; i++) {
    finite(`${name}[${i}]`, grid[i]!);
    if (i > 0 && !((grid[i]! - grid[i - 1]!) * direction > 0)) {
      reject(
        `${name}[${i}]`,
        grid[i]!,
        `values have to ${word} strictly, the one before is ${grid[i - 1]}; sort them or remove the repeat`,
      );
    }
  }
  return grid;
};

/** A shape equal to the expected one; -1 in `expected` stands for any size. */
export const sameShape = (name: string, shape: readonly number[], expected: readonly number[]): void => {
  const equal = shape.length === expected.length && expected.every((n, i) => n === -1 || n === shape[i]);
  if (!equal) reject(`the shape of ${name}`, shape, `[${expected.join(', ').replaceAll('-1', 'any')}] is expected`);
};

/** Times that never turn round: each step forwards, backwards or none, as the first one that moves. */
export const oneDirection = (name: string, times: readonly number[]): void => {
  let direction = 0;
  for (let i = 1; i < times.length; i++) {
    const sign = Math.sign(times[i]! - times[i - 1]!);
    direction ||= sign;
    if (sign !== 0 && sign !== direction) {
      reject(`${name}[${i}]`, times[i], `the run turns round there, after ${times[i - 1]}; sort the times`);
    }
  }
};
