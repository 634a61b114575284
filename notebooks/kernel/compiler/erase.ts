import { parseSync } from 'oxc-parser';
import { transformSync } from 'oxc-transform';
import { type Jsx, NO_OPTIONS, type ProjectOptions } from '../project/project-options.js';
import { list, type Node, walk } from './ast.js';
import { esbuild, esbuildOptions, LOWERED } from './lower.js';
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

export interface CellSyntax {
  /** As needsLowering() says. */
  readonly lowered: boolean;
  readonly jsx: boolean;
  readonly options?: ProjectOptions | undefined;
}

/**
 * TypeScript of a cell → JavaScript that Node 20 runs. oxc does it in a fraction of a millisecond; what it leaves as
 * it is (decorators, `accessor`, `using`) goes through esbuild. Imports that the cell does not use stay: a later cell may.
 */
export const eraseCell = (code: string, { lowered, jsx, options = NO_OPTIONS }: CellSyntax): ErasedCell => {
  const file = jsx ? 'cell.tsx' : 'cell.ts';
  if (!lowered) return strip(file, code, options, { keepImports: true });
  const result = esbuild().transformSync(code, {
    ...LOWERED,
    loader: jsx ? 'tsx' : 'ts',
    sourcefile: file,
    tsconfigRaw: { compilerOptions: { verbatimModuleSyntax: true, ...esbuildOptions(options) } },
  });
  const stripped = strip(file, code, options, { keepImports: true, target: 'esnext' }).code;
  return {
    code: result.code,
    map: JSON.parse(result.map) as { mappings: string },
    endsInExpression: endsInExpression(stripped),
  };
};

/** Without its types, as for a cell that needs no lowering: an interface after the expression counts for nothing. */
const endsInExpression = (stripped: string): boolean =>
  parseSync('cell.js', stripped).program.body.at(-1)?.type === 'ExpressionStatement';

/** The same for an ES module that cells import. */
export const eraseFile = (file: string, code: string, options: ProjectOptions): Erased => {
  // Most of these signs are in comments.
  const parsed = /@\w|\b(?:using|accessor)\b/.test(code) ? parseSync(file, code, { astType: 'ts' }) : undefined;
  if (!parsed || !needsLowering(programOf(parsed))) return strip(file, code, options);
  const { code: lowered, map } = esbuild().transformSync(code, {
    ...LOWERED,
    loader: file.endsWith('x') ? 'tsx' : 'ts',
    sourcefile: file,
    tsconfigRaw: { compilerOptions: esbuildOptions(options) },
  });
  return { code: lowered, map: JSON.parse(map) as { mappings: string } };
};

const strip = (
  file: string,
  code: string,
  { jsx, useDefineForClassFields: defined }: ProjectOptions,
  { keepImports = false, target = 'es2022' } = {},
): Erased => {
  const {
    code: erased,
    map,
    errors,
  } = transformSync(file, code, {
    sourceType: 'module',
    sourcemap: true,
    target,
    typescript: { onlyRemoveTypeImports: keepImports, removeClassFieldsWithoutInitializer: !defined },
    assumptions: { setPublicClassFields: !defined },
    ...(jsx ? { jsx: oxcJsx(jsx) } : {}),
  });
  if (errors[0]) throw new SyntaxError(`${file}: ${errors[0].message}\n${errors[0].codeframe ?? ''}`);
  return { code: erased, map: map ?? { mappings: '' } };
};

const oxcJsx = ({ runtime, importSource, factory, fragment }: Jsx) => ({
  runtime,
  ...(importSource ? { importSource } : {}),
  ...(factory ? { pragma: factory } : {}),
  ...(fragment ? { pragmaFrag: fragment } : {}),
});

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
