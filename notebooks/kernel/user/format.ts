import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'oxc-parser';
import { type Node, walk } from '../compiler/ast.js';

/** `type` of the nearest package.json above a directory. */
const packageType = (directory: string): unknown => {
  for (let at = directory; ; at = dirname(at)) {
    try {
      return (JSON.parse(readFileSync(join(at, 'package.json'), 'utf8')) as { type?: unknown }).type;
    } catch {
      // None here, or one that Node would not take either.
    }
    if (at === dirname(at)) return undefined;
  }
};

/**
 * Whether a TypeScript file is a CommonJS module, as for Node and tsx: by its ending and its package, unless it has
 * what only an ES module can have.
 */
export const isCommonJs = (file: string, code: string): boolean => {
  if (file.endsWith('.cts')) return true;
  if (file.endsWith('.mts') || packageType(dirname(file)) === 'module') return false;
  return !/\bawait\b|\bimport\s*\.\s*meta\b/.test(code) || !onlyInModules(file, code);
};

const onlyInModules = (file: string, code: string): boolean => {
  const { module, program } = parseSync(file, code, { astType: 'ts' });
  return module.importMetas.length > 0 || awaits(program as unknown as Node);
};

const awaits = (program: Node): boolean => {
  let found = false;
  walk(program, node => {
    if (/Function|^PropertyDefinition$|^StaticBlock$/.test(node.type)) return false;
    found ||= node.type === 'AwaitExpression' || (node.type === 'ForOfStatement' && node.await === true);
    return !found;
  });
  return found;
};

/** The names that a module exports by itself, and the modules of which it hands on all. */
export const exportsOf = (file: string, code: string): { names: string[]; from: string[] } => {
  const { staticExports } = parseSync(file, code, { astType: 'ts' }).module;
  const entries = staticExports.flatMap(each => each.entries).filter(({ isType }) => !isType);
  const named = entries.flatMap(({ exportName: { name } }) => (name === null ? [] : [name]));
  const whole = entries.filter(({ exportName, importName }) => !exportName.name && importName.kind.startsWith('All'));
  return { names: named, from: whole.flatMap(({ moduleRequest }) => moduleRequest?.value ?? []) };
};
