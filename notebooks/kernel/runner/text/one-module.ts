import { dirname, relative, resolve, sep } from 'node:path';
import { child, list, type Node, text, walk } from '../../compiler/ast.js';
import { declaredNames } from '../../compiler/names.js';
import { parse, programOf } from '../../compiler/parse.js';
import { applyEdits, type Edit } from '../../compiler/pieces.js';
import { usesOf } from '../../compiler/uses.js';
import { fromNotebook, isRelative, type Project } from '../../project/project.js';
import { type Import, mergedImports, readImport } from './merged-imports.js';
import type { Part } from './slice.js';

/** What cells find without importing it, and a module does not: see compiler/ambient.ts. */
const ONLY_HERE = ['input', 'reload', 'display', 'time', '_', 'Out', 'page', 'cells'];

/** A specifier of a cell as a file elsewhere has to write it. */
const seenFrom =
  (project: Project, folder: string) =>
  (specifier: string): string => {
    if (!isRelative(specifier)) return specifier;
    const path = relative(folder, resolve(project.notebook, fromNotebook(project, specifier)))
      .split(sep)
      .join('/');
    return path.startsWith('.') ? path : `./${path}`;
  };

const isImport = ({ type }: Node): boolean => type === 'ImportDeclaration';

/** Statements whose end the next line could continue. */
const OPEN = /^(?:ExpressionStatement|VariableDeclaration|Export\w*Declaration|TSTypeAliasDeclaration)$/;

const MANY = /^TS(?:Union|TypeReference|BooleanKeyword)/;

/**
 * `let scale: 'smoke' | 'full' = 'smoke'`: to a later cell it may be either, and in one module TypeScript would take it
 * for the value that it has.
 */
const widenings = (declaration: Node, code: string): Edit[] =>
  list(declaration, 'declarations').flatMap(each => {
    const annotation = child(child(each, 'id')!, 'typeAnnotation');
    const type = annotation && child(annotation, 'typeAnnotation');
    const init = child(each, 'init');
    if (!type || !MANY.test(type.type) || init?.type !== 'Literal') return [];
    return [{ start: init.end, end: init.end, text: ` as ${code.slice(type.start, type.end)}` }];
  });

const edits = (program: Node, code: string, seen: (specifier: string) => string): Edit[] => {
  const found: Edit[] = [];
  for (const statement of list(program, 'body')) {
    const { start, end, type } = statement;
    if (isImport(statement)) found.push({ start, end: end + (code[end] === '\n' ? 1 : 0), text: '' });
    // The module names all that it exports in one place.
    else if (type === 'ExportNamedDeclaration' && child(statement, 'declaration')) {
      found.push({ start, end: child(statement, 'declaration')!.start, text: '' });
    }
    const inner = child(statement, 'declaration') ?? statement;
    if (inner.type === 'VariableDeclaration') found.push(...widenings(inner, code));
  }
  walk(program, node => {
    const inner = node.type === 'TSExternalModuleReference' ? child(node, 'expression') : child(node, 'source');
    const specifier = text(inner, 'value');
    if (inner && !isImport(node) && isRelative(specifier)) {
      found.push({ start: inner.start, end: inner.end, text: JSON.stringify(seen(specifier)) });
    }
    return !isImport(node);
  });
  const last = list(program, 'body').at(-1);
  if (last && OPEN.test(last.type) && code[last.end - 1] !== ';') {
    found.push({ start: last.end, end: last.end, text: ';' });
  }
  return found;
};

const TYPES = /^TS(?:Interface|TypeAlias)Declaration$/;

/** `a`, or `type A` of what is no value. */
const exported = (program: Node): string[] => {
  const types = new Set(
    list(program, 'body').flatMap(statement => {
      const inner = child(statement, 'declaration') ?? statement;
      return TYPES.test(inner.type) ? [text(child(inner, 'id'), 'name')] : [];
    }),
  );
  const own = declaredNames(program).filter(({ how }) => how !== 'imported');
  return own.map(({ name }) => (types.has(name) ? `type ${name}` : name));
};

/** Names that code means and does not declare. */
const free = (code: string): Set<string> => {
  const { reads, assigns, mentions } = usesOf(programOf(parse(code)));
  return new Set([...reads, ...assigns, ...mentions]);
};

export interface Destination {
  readonly project: Project;
  /** The notebook, as the first line names it. */
  readonly title: string;
  /** The file that it is written to. */
  readonly file: string;
}

/**
 * Cells as one module: their imports merged at the top, and every name that they declare exported.
 * @throws Error where two cells declare the same name, or one needs what only the kernel has
 */
export const oneModule = (parts: readonly Part[], { project, title, file }: Destination): string => {
  const seen = seenFrom(project, dirname(resolve(file)));
  const owners = new Map<string, number>();
  const origins = new Map<string, string>();
  const imports: Import[] = [];
  const bodies: string[] = [];
  const names: string[] = [];
  for (const { number, code } of parts) {
    const program = programOf(parse(code));
    const own = list(program, 'body')
      .filter(isImport)
      .map(each => readImport(each, code, seen));
    for (const { specifier, brings } of own) {
      for (const { local, outer } of brings) {
        const origin = `${outer} of ${specifier}`;
        if (origins.get(local) !== origin) claim(owners, local, number);
        origins.set(local, origin);
      }
    }
    imports.push(...own);
    for (const { name, how } of declaredNames(program)) if (how !== 'imported') claim(owners, name, number);
    const body = applyEdits(code, edits(program, code, seen))
      .text()
      .trim();
    if (body !== '') bodies.push(`// cell ${number}\n${body}`);
    names.push(...exported(program));
  }
  const used = free(bodies.join('\n'));
  const missing = ONLY_HERE.find(name => used.has(name) && !owners.has(name) && !origins.has(name));
  if (missing) throw new Error(`${missing} is used, which only the kernel has: write the cell without it`);
  const numbers = parts.map(({ number }) => number).join(', ');
  return `${[
    `// ${title}, cell${parts.length > 1 ? 's' : ''} ${numbers}`,
    mergedImports(imports, name => used.has(name)).join('\n'),
    ...bodies,
    `export { ${names.join(', ')} };`.replace('{  }', '{}'),
  ]
    .filter(part => part !== '')
    .join('\n\n')}\n`;
};

const claim = (owners: Map<string, number>, name: string, number: number): void => {
  const other = owners.get(name);
  if (other !== undefined && other !== number) {
    throw new Error(`cells ${other} and ${number} are both needed, and both declare ${name}: rename one of them`);
  }
  owners.set(name, number);
};
