import { createRequire } from 'node:module';
import { parseSync } from 'oxc-parser';
import { transformSync } from 'oxc-transform';
import { list, type Node, walk } from './ast.js';
import { programOf } from './parse.js';

/** JavaScript, and the `mappings` and sources of its map. */
export interface Erased {
  readonly code: string;
  readonly map: { readonly mappings: string };
}

export interface ErasedCell extends Erased {
  /** Of a cell that went through esbuild, which changes the statements: whether the last one was an expression. */
  readonly endsInExpression?: boolean;
}

/**
 * TypeScript of a cell → JavaScript that Node 20 runs. oxc does it in a fraction of a millisecond; what it leaves as
 * it is (decorators, `accessor`, `using`) goes through esbuild. Imports that the cell does not use stay: a later cell may.
 * @param lower as needsLowering() says.
 * @param experimentalDecorators as in the project's tsconfig.json.
 */
export const eraseCell = (code: string, lower: boolean, experimentalDecorators: boolean): ErasedCell => {
  if (!lower) return strip('cell.ts', code, true);
  const result = esbuild().transformSync(code, {
    ...LOWERED,
    loader: 'ts',
    sourcefile: 'cell.ts',
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, experimentalDecorators } },
  });
  return {
    code: result.code,
    map: JSON.parse(result.map) as { mappings: string },
    endsInExpression: endsInExpression(code),
  };
};

/** Without its types, as for a cell that needs no lowering: an interface after the expression counts for nothing. */
const endsInExpression = (code: string): boolean => {
  const { program } = parseSync('cell.ts', strip('cell.ts', code, true, 'esnext').code);
  return program.body.at(-1)?.type === 'ExpressionStatement';
};

/** The same for a file that cells import; esbuild finds the tsconfig.json that it is under. */
export const eraseFile = (file: string, code: string): Erased => {
  // Most of these signs are in comments.
  const parsed = /@\w|\b(?:using|accessor)\b/.test(code) ? parseSync(file, code, { astType: 'ts' }) : undefined;
  if (!parsed || !needsLowering(programOf(parsed))) return strip(file, code, false);
  const { outputFiles } = esbuild().buildSync({
    ...LOWERED,
    entryPoints: [file],
    outdir: '.',
    write: false,
    logLevel: 'silent',
  });
  const text = (ending: string) => outputFiles?.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { code: text('js'), map: JSON.parse(text('.map')) as { mappings: string } };
};

const strip = (file: string, code: string, keepImports: boolean, target = 'es2022'): Erased => {
  const {
    code: erased,
    map,
    errors,
  } = transformSync(file, code, {
    sourceType: 'module',
    sourcemap: true,
    target,
    typescript: { onlyRemoveTypeImports: keepImports },
  });
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}\n${errors[0].codeframe ?? ''}`);
  return { code: erased, map: map ?? { mappings: '' } };
};

/** Whether a program has syntax that Node 20 does not run without its types either. */
export const needsLowering = (program: Node): boolean => {
  let found = false;
  walk(program, node => {
    found ||= list(node, 'decorators').length > 0 || node.type === 'AccessorProperty';
    found ||= node.type === 'VariableDeclaration' && /using$/.test(String(node.kind));
    return !found;
  });
  return found;
};

/** Loaded on the first need: it starts a process of its own. */
const esbuild = () => createRequire(import.meta.url)('esbuild') as typeof import('esbuild');

const LOWERED = {
  target: 'es2022',
  sourcemap: 'external',
  sourcesContent: false,
  supported: { 'top-level-await': true },
} as const;
