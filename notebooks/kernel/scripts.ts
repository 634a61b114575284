import { fileURLToPath } from 'node:url';

/** The scripts that run beside the kernel: their TypeScript through tsx, or the bundles of build.ts. */
export interface Scripts {
  readonly compiler: URL;
  readonly user: URL;
  readonly loader: URL;
  /** Node's options that running them takes. */
  readonly execArgv: readonly string[];
}

export const scripts = (): Scripts => {
  const built = !import.meta.url.endsWith('.ts');
  const at = (source: string, bundle: string) =>
    new URL(built ? `./${bundle}.js` : `./${source}.ts`, import.meta.url);
  const flags = ['--experimental-import-meta-resolve', '--no-warnings'];
  return {
    compiler: at('compile/worker', 'compiler'),
    user: at('user/main', 'user'),
    loader: at('user/loader', 'loader'),
    execArgv: built ? flags : [...flags, '--import', fileURLToPath(import.meta.resolve('tsx'))],
  };
};
