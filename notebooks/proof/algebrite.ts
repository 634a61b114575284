import { requireFromRoot } from '../files/root.js';
import type { Engine } from './symbolic.js';

interface Algebrite {
  run(source: string): string;
}
const algebrite = requireFromRoot('algebrite') as Algebrite;

/** It keeps one table of names: every question starts from an empty one. */
export const byAlgebrite: Engine = ({ left, right, definitions }) => {
  algebrite.run('clearall');
  for (const [name, value] of Object.entries(definitions)) algebrite.run(`${name}=${value}`);
  const answer = algebrite.run(`simplify((${left})-(${right}))`);
  if (answer.includes('Stop:')) throw new Error(`${left} = ${right}: ${answer}`);
  return answer;
};
