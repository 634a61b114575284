import { createRequire } from 'node:module';
import { transformSync } from 'oxc-transform';
import { list, type Node, walk } from './ast.js';

/** JavaScript, and the `mappings` and sources of its map. */
export interface Erased {
  readonly code: string;
  readonly map: { readonly mappings: string };
  /** By esbuild: a cell with `using` has become a try statement. */
  readonly lowered: boolean;
}

/**
 * TypeScript → JavaScript that Node 20 runs. oxc does it in a fraction of a millisecond; what it leaves as it is,
 * decorators and `using`, takes esbuild.
 * @param keepImports keeps imports that this text does not use: a later cell may.
 */
export const erase = (
  file: string,
  code: string,
  program: Node | undefined,
  keepImports: boolean,
): Erased => {
  if (program ? needsLowering(program) : /@\w|\busing\b/.test(code)) return lower(file, code, keepImports);
  const {
    code: erased,
    map,
    errors,
  } = transformSync(file, code, {
    ...{ sourceType: 'module', sourcemap: true, target: 'es2022' },
    typescript: { onlyRemoveTypeImports: keepImports },
  });
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}\n${errors[0].codeframe ?? ''}`);
  return { code: erased, map: map ?? { mappings: '' }, lowered: false };
};

const needsLowering = (program: Node): boolean => {
  let found = false;
  walk(program, node => {
    found ||= list(node, 'decorators').length > 0;
    found ||= node.type === 'VariableDeclaration' && /using$/.test(String(node.kind));
    return !found;
  });
  return found;
};

const lower = (file: string, code: string, keepImports: boolean): Erased => {
  // Loaded on the first need: it starts a process of its own.
  const esbuild = createRequire(import.meta.url)('esbuild') as typeof import('esbuild');
  const result = esbuild.transformSync(code, {
    ...{ loader: 'ts', target: 'es2022', sourcemap: 'external', sourcefile: file, sourcesContent: false },
    supported: { 'top-level-await': true },
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: keepImports } },
  });
  return { code: result.code, map: JSON.parse(result.map) as { mappings: string }, lowered: true };
};
