import { child, list, type Node, text, walk } from '../../compiler/ast.js';
import { parse, programOf } from '../../compiler/parse.js';
import type { Edit } from '../../compiler/pieces.js';
import { type Cell, isCode } from '../record/nbformat.js';
import type { Fault, Look, Subject } from './problem.js';

/** Without these names. What the module does when it is loaded stays. */
const without = (code: string, statement: Node, gone: ReadonlySet<Node>): Edit[] => {
  const specifiers = list(statement, 'specifiers');
  const kept = specifiers.filter(each => !gone.has(each));
  const source = child(statement, 'source')!;
  const { start, end } = statement;
  if (kept.length === 0) {
    const pure = statement.importKind === 'type' || text(source, 'value').startsWith('node:');
    if (!pure) return [{ start, end: source.start, text: 'import ' }];
    return [{ start, end: end + (code[end] === '\n' ? 1 : 0), text: '' }];
  }
  const asItIs = (each: Node) => code.slice(each.start, each.end);
  const whole = kept.filter(({ type }) => type !== 'ImportSpecifier').map(asItIs);
  const names = kept.filter(({ type }) => type === 'ImportSpecifier').map(asItIs);
  const listed = [...whole, ...(names.length > 0 ? [`{ ${names.join(', ')} }`] : [])].join(', ');
  const kind = statement.importKind === 'type' ? 'type ' : '';
  return [{ start, end: source.start, text: `import ${kind}${listed} from ` }];
};

/** The programs of all code cells; undefined where one cannot be read. Cells that are left out may be run by hand. */
const programs = ({ notebook, cells }: Subject): Node[] | undefined => {
  if (cells.some(({ checked }) => checked.findings.some(({ syntax }) => syntax))) return undefined;
  const known = new Map<Cell, Node>(cells.map(({ cell, checked }) => [cell, checked.program]));
  const found: Node[] = [];
  for (const cell of notebook.cells.filter(isCode)) {
    const parsed = known.has(cell) ? undefined : parse(cell.source);
    if (parsed && parsed.errors.length > 0) return undefined;
    found.push(parsed ? programOf(parsed) : known.get(cell)!);
  }
  return found;
};

/** Every name that code outside of imports writes, a property's too; undefined where it cannot be known. */
const written = (subject: Subject): Set<string> | undefined => {
  const names = new Set<string>();
  let jsx = false;
  const all = programs(subject);
  for (const program of all ?? []) {
    walk(program, node => {
      if (node.type === 'Identifier') names.add(text(node, 'name'));
      // It may mean names without a mention.
      jsx ||= node.type.startsWith('JSX');
      return node.type !== 'ImportDeclaration';
    });
  }
  return jsx || !all ? undefined : names;
};

/** Imported names that stand nowhere else in the notebook. */
export const unused: Look = subject => {
  const names = written(subject);
  if (!names) return new Map();
  return new Map(
    subject.cells.map(looked => {
      const { program, reading } = looked.checked;
      const statements = list(program, 'body').filter(({ type }) => type === 'ImportDeclaration');
      const faults = statements.flatMap((statement): Fault[] => {
        const idle = list(statement, 'specifiers').filter(each => !names.has(text(child(each, 'local'), 'name')));
        const fix = without(reading.text, statement, new Set(idle));
        return idle.map((each, i) => {
          const message = `${text(child(each, 'local'), 'name')} is imported and no cell uses it`;
          return { rule: 'unused', message, start: each.start, end: each.end, ...(i === 0 && { fix }) };
        });
      });
      return [looked, faults];
    }),
  );
};
