import { fileURLToPath } from 'node:url';

/** The scripts that run beside the kernel: their TypeScript through tsx, or the bundles of bin/build.mjs. */
export interface Scripts {
  readonly compiler: URL;
  readonly user: URL;
  readonly loader: URL;
  /** The thread of the user process that stops loops. */
  readonly interrupter: URL;
  /** What cells import as tslab where it is not installed. */
  readonly tslab: URL;
  /** Where the scripts are: stack frames there are the kernel's own. */
  readonly own: readonly string[];
  /** Node's options that running them takes. */
  readonly execArgv: readonly string[];
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export const scripts = (): Scripts => {
  const built = !import.meta.url.endsWith('.ts');
  const at = (source: string, bundle: string) => new URL(built ? `./${bundle}.js` : `../${source}.ts`, import.meta.url);
  const flags = ['--experimental-import-meta-resolve', '--disable-warning=ExperimentalWarning'];
  // A callback that is terminated leaves Node's list of callbacks as it was inside it, which is no reason to end.
  flags.push('--no-force-async-hooks-checks');
  return {
    compiler: built ? at('', 'compiler') : throughTsx(at('compiler/worker', '')),
    user: at('user/main', 'user'),
    loader: at('user/loader', 'loader'),
    tslab: at('user/tslab', 'tslab'),
    interrupter: built ? at('', 'interrupter') : throughTsx(at('user/interrupter', '')),
    own: built ? [here('.')] : ['../user/', '../compiler/', '../link/'].map(here),
    execArgv: built ? flags : [...flags, '--import', fileURLToPath(import.meta.resolve('tsx'))],
  };
};

/** In a worker thread, `--import tsx` does nothing on Node 20: the thread registers tsx itself. */
const throughTsx = (script: URL): URL => {
  const api = import.meta.resolve('tsx/esm/api');
  const code = `import { register } from '${api}'; register(); await import('${script.href}');`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
};
