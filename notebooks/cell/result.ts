import { showLine } from './show-line.js';

/** The MIME type of a named result. The runner gathers them; frontends show the text beside it. */
export const RESULT_MIME = 'application/vnd.tsnb.result+json';

/** A figure that a notebook stands for. Where a value is expected, so is a tolerance. */
export interface NamedResult {
  readonly name: string;
  readonly value: number;
  readonly expected?: number;
  /** The largest |value − expected| that agrees. */
  readonly tolerance?: number;
  readonly unit?: string;
}

type Expectation = Pick<NamedResult, 'expected' | 'tolerance' | 'unit'>;

/** Whether a value agrees with what is expected; one without an expectation does, NaN never does. */
export const agrees = ({ value, expected, tolerance = 0 }: NamedResult): boolean =>
  expected === undefined ? Number.isFinite(value) : Math.abs(value - expected) <= tolerance;

const short = (value: number): string => String(Number(value.toPrecision(6)));

/** One line for people: ✓ order of convergence: 1.99964, expected 2 ± 0.1 */
export const resultLine = (result: NamedResult): string => {
  const { name, value, expected, tolerance = 0, unit } = result;
  const claim = expected === undefined ? '' : `, expected ${short(expected)} ± ${short(tolerance)}`;
  return `${agrees(result) ? '✓' : '✗'} ${name}: ${short(value)}${unit ? ` ${unit}` : ''}${claim}`;
};

/**
 * Declares a named result of the running notebook. It never throws: the run goes on, and the runner reports all
 * results that disagree together, with an exit code of their own. Returns the value.
 * @throws RangeError where a value is expected and no tolerance given.
 */
export const result = (name: string, value: number, expectation: Expectation = {}): number => {
  const named: NamedResult = { name, value, ...expectation };
  if (named.expected !== undefined && !(Number(named.tolerance) >= 0)) {
    throw new RangeError(`result “${name}”: tolerance is ${named.tolerance}; give one of 0 or more beside expected`);
  }
  showLine(resultLine(named), RESULT_MIME, named);
  return value;
};
