import { byAlgebrite } from './algebrite.js';
import { byNerdamer } from './nerdamer.js';

/** Names and what they stand for, in the order of definition, such as `{ B: 'b*t', alpha: 'exp(-B/2)' }`. */
export type Definitions = Readonly<Record<string, string>>;

/** An equation that may be an identity. */
export interface Equation {
  readonly left: string;
  readonly right: string;
  readonly definitions: Definitions;
}

/**
 * left − right as a computer algebra system simplifies it. `expected` is what another one has found: what is not 0 need
 * not be simplified in full.
 * @throws where the equation cannot be read
 */
export type Engine = (equation: Equation, expected?: string) => string;

/** What all engines agree on. */
export interface Difference extends Equation {
  /** left − right in simplest form: '0' is a proof, anything else may be an identity that was not recognised. */
  readonly simplified: string;
  /** Who said so. */
  readonly engines: readonly string[];
}

/** They share no code but that for large integers. Whatever one of them calls 0 the other one has to. */
const engines: Readonly<Record<string, Engine>> = { Algebrite: byAlgebrite, nerdamer: byNerdamer };

/**
 * left − right by two computer algebra systems. `d(y, t)` is a derivative, `d(y, x, x)` a second one, `subst(0, t, y)` is
 * y at t = 0, and functions such as p(x) may be unknown.
 * @throws where the equation cannot be read, and where one engine finds 0 and the other one does not
 */
export const difference = (left: string, right: string, definitions: Definitions = {}): Difference => {
  const equation = { left, right, definitions };
  const answers: [engine: string, answer: string][] = [];
  for (const [name, engine] of Object.entries(engines)) answers.push([name, engine(equation, answers[0]?.[1])]);
  const zeros = answers.filter(([, answer]) => answer === '0').length;
  if (zeros !== 0 && zeros !== answers.length) {
    const said = answers.map(([name, answer]) => `${name} finds ${answer.slice(0, 80)}`).join(', ');
    throw new Error(`${left} = ${right}: the engines disagree on left − right; ${said}`);
  }
  return { ...equation, simplified: answers[0]![1], engines: answers.map(([name]) => name) };
};
