import { createRequire } from 'node:module';
import type { ProjectOptions } from '../project/project-options.js';

/** Loaded on the first need: it starts a process of its own. */
export const esbuild = () => createRequire(import.meta.url)('esbuild') as typeof import('esbuild');

export const LOWERED = {
  target: 'es2022',
  sourcemap: 'external',
  sourcesContent: false,
  supported: { 'top-level-await': true },
} as const;

/** The project's options as esbuild reads them from a tsconfig.json. */
export const esbuildOptions = ({ experimentalDecorators, useDefineForClassFields, jsx }: ProjectOptions) => ({
  experimentalDecorators,
  useDefineForClassFields,
  ...(jsx
    ? {
        jsx: jsx.runtime === 'classic' ? ('react' as const) : ('react-jsx' as const),
        ...(jsx.importSource ? { jsxImportSource: jsx.importSource } : {}),
        ...(jsx.factory ? { jsxFactory: jsx.factory } : {}),
        ...(jsx.fragment ? { jsxFragmentFactory: jsx.fragment } : {}),
      }
    : {}),
});

/** TypeScript → a CommonJS module, as tsx makes one of a file that Node takes for CommonJS. */
export const toCommonJs = (file: string, code: string, options: ProjectOptions): string => {
  const result = esbuild().transformSync(code, {
    loader: file.endsWith('x') ? 'tsx' : 'ts',
    format: 'cjs',
    platform: 'node',
    target: 'es2022',
    sourcefile: file,
    sourcemap: 'inline',
    sourcesContent: false,
    tsconfigRaw: { compilerOptions: esbuildOptions(options) },
  });
  return result.code;
};
