import { requireFromRoot } from '../files/root.js';

interface Algebrite {
  run(source: string): string;
}
const algebrite = requireFromRoot('algebrite') as Algebrite;

/** Names and what they stand for, in the order of definition, such as `{ B: 'b*t', alpha: 'exp(-B/2)' }`. */
export type Definitions = Readonly<Record<string, string>>;

/** The computer algebra system keeps one table of names: every question starts from an empty one. */
function evaluate(definitions: Definitions, expression: string): string {
  algebrite.run('clearall');
  for (const [name, value] of Object.entries(definitions)) algebrite.run(`${name}=${value}`);
  const answer = algebrite.run(expression);
  if (answer.includes('Stop:')) throw new Error(`${expression}: ${answer}`);
  return answer;
}

/**
 * left − right in simplest form, '0' where the equation is an identity. `d(y, t)` is a derivative, `d(y, x, x)` a
 * second one. The answer 0 is a proof; anything else may be an identity that was not recognised.
 * @throws where the expression cannot be read
 */
export const difference = (left: string, right: string, definitions: Definitions = {}): string =>
  evaluate(definitions, `simplify((${left})-(${right}))`);
