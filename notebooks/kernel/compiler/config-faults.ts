import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { parseSync } from 'oxc-parser';
import { child, children, list, type Node, text, walk } from './ast.js';
import { programOf } from './parse.js';
import { placeOf } from './pieces.js';

/**
 * What is wrong with a tsconfig.json and with what it extends, as far as TypeScript passes over it in silence: text
 * that is no JSON, and files that are not there.
 */
export const configFaults = (file: string, seen = new Set<string>()): string[] => {
  if (seen.has(file) || !existsSync(file)) return [];
  seen.add(file);
  const source = readFileSync(file, 'utf8').replace(/^\uFEFF/, ' ');
  const { errors, program } = parsed(source);
  const [first] = errors;
  if (first) return [`${placed(file, source, first.start)} - ${first.message}; what follows may not count`];
  return extended(program).flatMap(specifier => {
    const base = baseOf(file, specifier);
    if (base === undefined)
      return [`${file}: it extends ${specifier}, which is not there: the options of that do not count`];
    return base === '' ? [] : configFaults(base, seen);
  });
};

const placed = (file: string, source: string, offset: number): string => {
  const { line, column } = placeOf(source, offset);
  return `${file}:${line}:${column}`;
};

/** JSON with comments and trailing commas is JavaScript, once it stands in parentheses. */
const parsed = (source: string) => {
  const result = parseSync('tsconfig.js', `(${source}\n)`, { sourceType: 'script' });
  const program = programOf(result);
  const syntax = result.errors.map(({ message, labels }) => ({ message, start: (labels[0]?.start ?? 1) - 1 }));
  return { program, errors: syntax.length > 0 ? syntax : strangers(program) };
};

/** What JavaScript has and JSON has not. */
const strangers = (program: Node): { message: string; start: number }[] =>
  list(program, 'body')
    .flatMap(statement => strangersIn(child(statement, 'expression') ?? statement))
    .map(({ start }) => ({ message: 'this is no value of JSON', start: start - 1 }));

const strangersIn = (node: Node): Node[] => {
  switch (node.type) {
    case 'Literal':
    case 'UnaryExpression':
      return [];
    case 'ParenthesizedExpression':
      return strangersIn(child(node, 'expression')!);
    case 'ArrayExpression':
      return list(node, 'elements').flatMap(strangersIn);
    case 'ObjectExpression':
      return list(node, 'properties').flatMap(each => strangersIn(child(each, 'value') ?? each));
    default:
      return [node];
  }
};

/** What `extends` names: a text or a list of them. */
const extended = (program: Node): string[] => {
  const names: string[] = [];
  walk(program, node => {
    if (node.type !== 'Property' || text(child(node, 'key'), 'value') !== 'extends') return node.type !== 'Property';
    const value = child(node, 'value')!;
    names.push(...[value, ...children(value)].map(each => text(each, 'value')).filter(each => each !== ''));
    return false;
  });
  return names;
};

/** The file that `extends` means; '' where a package has it in a way of its own, undefined where nothing is there. */
const baseOf = (file: string, specifier: string): string | undefined => {
  const local = /^\.\.?(?:\/|$)/.test(specifier) || isAbsolute(specifier);
  if (local) {
    const path = resolve(dirname(file), specifier);
    return [path, `${path}.json`].find(existsSync);
  }
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
  const folders = createRequire(file).resolve.paths(name) ?? [];
  const found = folders.find(folder => existsSync(join(folder, name)));
  if (found === undefined) return undefined;
  const rest = relative(name, specifier);
  return [rest, `${rest}.json`, join(rest, 'tsconfig.json')].map(each => join(found, name, each)).find(isConfig) ?? '';
};

const isConfig = (path: string): boolean => path.endsWith('.json') && existsSync(path);
