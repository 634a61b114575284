import { check, checkAtLeast, checkAtMost, checkFails, checkZero } from './check.js';
import type { Difference } from './symbolic.js';

/**
 * How strong a proof is. Symbolic: computer algebra systems find the difference to be 0. Identity: float64 at many
 * points, or against a closed form. Statistical: a simulation, within bounds that chance does not cross.
 */
export type Strength = 'symbolic' | 'identity' | 'statistical';

/** What is claimed, and where it stands. */
export interface Statement {
  readonly says: string;
  /** Paper and equation, such as 'Song 2021, eq. 6'. */
  readonly source: string;
  readonly strength: Strength;
}

/** The checks of one claim: as in `check.ts`, each line of theirs begins with the claim's id. */
export interface Claim {
  check(what: string, measured: number, expected: number, tolerance: number): void;
  atMost(what: string, measured: number, bound: number): void;
  atLeast(what: string, measured: number, bound: number): void;
  /** An equation that computer algebra systems find to be an identity. */
  zero(what: string, difference: Difference): void;
  /** A wrong statement: the check inside has to fail. */
  fails(wrong: string, run: (what: string) => void): void;
}

/**
 * Opens a claim by its id in the ledger, and prints what it says. Every claim is checked by at least one line, and has a
 * wrong statement beside it that is caught.
 */
export const claim = (id: string, { says, source, strength }: Statement): Claim => {
  if (!/^[A-Z][A-Z]?\d+$/.test(id))
    throw new RangeError(`the id of a claim is “${id}”: give letters and a number, as in R1`);
  console.log(`claim ${id} (${strength}; ${source}): ${says}`);
  const named = (what: string) => `${id} · ${what}`;
  return {
    check: (what, ...figures) => check(named(what), ...figures),
    atMost: (what, ...figures) => checkAtMost(named(what), ...figures),
    atLeast: (what, ...figures) => checkAtLeast(named(what), ...figures),
    zero: (what, difference) => checkZero(named(what), difference),
    fails: (wrong, run) => checkFails(`${id} · ${wrong}`, () => run(wrong)),
  };
};
