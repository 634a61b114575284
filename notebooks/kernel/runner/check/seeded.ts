import { child, list, type Node, text, walk } from '../../compiler/ast.js';
import type { Fault, Look, Subject } from './problem.js';

/** `Math.random()`, `Date.now()`, `new Date()`, … by how they are called. */
const CHANCE: Readonly<Record<string, string>> = {
  'Math.random': 'draw from the generator that has the seed',
  'crypto.randomUUID': 'draw from the generator that has the seed',
  'crypto.getRandomValues': 'draw from the generator that has the seed',
  'Date.now': 'measure time with performance.now()',
  Date: 'give the date',
};

const nameOf = (node: Node | undefined): string => {
  if (node?.type === 'Identifier') return text(node, 'name');
  if (node?.type !== 'MemberExpression' || node.computed === true) return '';
  const object = nameOf(child(node, 'object')).replace(/^(?:globalThis|window)\.?/, '');
  return `${object && `${object}.`}${text(child(node, 'property'), 'name')}`;
};

/** A notebook has a seed where its code says `seed` or `SEED`, be it a name, a property or a variable of the environment. */
const hasSeed = ({ cells }: Subject): boolean =>
  cells.some(({ checked }) => {
    let found = false;
    walk(checked.program, node => {
      found ||= /^(?:seed|SEED)$/.test(text(node, 'name') || text(node, 'value'));
      return !found;
    });
    return found;
  });

const isCall = (node: Node): boolean => {
  if (node.type === 'CallExpression') return true;
  return node.type === 'NewExpression' && list(node, 'arguments').length === 0;
};

/** What makes another run give other numbers, where the author says that a seed settles them. */
export const seeded: Look = subject => {
  if (!hasSeed(subject)) return new Map();
  return new Map(
    subject.cells.map(looked => {
      const faults: Fault[] = [];
      walk(looked.checked.program, node => {
        const callee = isCall(node) ? child(node, 'callee') : undefined;
        const name = nameOf(callee);
        const way = Object.hasOwn(CHANCE, name) ? CHANCE[name] : undefined;
        const made = node.type === 'NewExpression';
        if (way && (!made || name === 'Date')) {
          const said = `${made ? 'new ' : ''}${name}()`;
          const message = `${said} differs from run to run, whatever the seed: ${way}`;
          faults.push({ rule: 'seed', message, start: node.start, end: node.end });
        }
        return undefined;
      });
      return [looked, faults];
    }),
  );
};
