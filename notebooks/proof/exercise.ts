import { FailedCheck, show } from './check.js';

/** What a reader is asked. The answer is not written down: it is tried for the property that it must have. */
export interface Exercise<Answer> {
  /** Where to begin; shown while the exercise is open, and beside a wrong answer. */
  readonly hint: string;
  /** How far the answer is from what it must satisfy: 0 where it is right. */
  readonly off: (answer: Answer) => number;
  /** The largest `off` of a right answer. Default 1e-9. */
  readonly within?: number;
}

/**
 * Tells whether an answer is right. `exercise('1', undefined, …)` is open: it prints the hint, and passes.
 * @throws FailedCheck for a wrong answer, with how far off it is; NaN is wrong
 */
export function exercise<Answer>(
  name: string,
  answer: Answer | undefined,
  { hint, off, within = 1e-9 }: Exercise<Answer>,
): void {
  if (answer === undefined) {
    console.log(`○ exercise ${name} is open: ${hint}`);
    return;
  }
  const distance = off(answer);
  const line = `exercise ${name}: off by ${show(distance)}, at most ${show(within)}`;
  if (!(distance <= within)) throw new FailedCheck(`✗ ${line}. ${hint}`);
  console.log(`✓ ${line}`);
}
