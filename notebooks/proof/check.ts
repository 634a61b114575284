import { showLine } from '../cell/show-line.js';
import type { Difference } from './symbolic.js';

/** A claim that turned out false: the message has the measured figure, the expected one and the tolerance. */
export class FailedCheck extends Error {
  override readonly name = 'FailedCheck';
}

/** A figure as checks print it. */
export const show = (value: number): string => String(Number(value.toPrecision(6)));

function settle(holds: boolean, line: string): void {
  if (!holds) throw new FailedCheck(`✗ ${line}`);
  console.log(`✓ ${line}`);
}

/**
 * Prints a claim with its figures, or throws with them.
 * @param tolerance the largest |measured − expected| at which the claim holds; NaN never holds.
 */
export function check(claim: string, measured: number, expected: number, tolerance: number): void {
  const line = `${claim}: ${show(measured)}, expected ${show(expected)} ± ${show(tolerance)}`;
  settle(Math.abs(measured - expected) <= tolerance, line);
}

/** The claim that a figure, an error most often, is not above a bound. */
export function checkAtMost(claim: string, measured: number, bound: number): void {
  settle(measured <= bound, `${claim}: ${show(measured)}, at most ${show(bound)}`);
}

/** The claim that a figure is not below a bound. */
export function checkAtLeast(claim: string, measured: number, bound: number): void {
  settle(measured >= bound, `${claim}: ${show(measured)}, at least ${show(bound)}`);
}

/** The MIME type of an equation that was proved, beside the line that says so; its definitions may lose their order. */
export const EQUATION_MIME = 'application/vnd.tsnb.equation+json';

/** The claim that an equation is an identity, as computer algebra systems find it. */
export function checkZero(claim: string, difference: Difference): void {
  const { left, right, definitions, simplified, engines } = difference;
  const line = `${claim}: left − right = ${simplified.replace(/\s+/g, ' ').slice(0, 80)}`;
  if (simplified !== '0') throw new FailedCheck(`✗ ${line}`);
  showLine(`✓ ${line} (${engines.join(', ')})`, EQUATION_MIME, { left, right, definitions });
}

/** A control: the same check on a wrong statement has to fail, or the check proves nothing. */
export function checkFails(wrong: string, run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof FailedCheck)) throw error;
    console.log(`✓ wrong on purpose (${wrong}) is caught: ${error.message.replace(/^✗ /, '')}`);
    return;
  }
  throw new FailedCheck(`✗ ${wrong} passed: the check cannot tell it from the truth`);
}
