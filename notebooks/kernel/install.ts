import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { makeFolder } from '../files/folder.js';

/** Kernel specs: how Jupyter finds and starts this kernel. Paths in them are absolute: PATH may differ there. */
export const KERNEL_NAME = 'tsnb';

/** Where kernelspecs live: `--user` (as without an option), `--prefix DIR`, or Python's own prefix. */
export type Place = { readonly kind: 'user' } | { readonly kind: 'prefix'; readonly prefix: string };

/** Reads the options of install and uninstall. Throws on what it does not know. */
export const parsePlace = (args: readonly string[], env: NodeJS.ProcessEnv): Place => {
  const [option = '--user', value, ...rest] = args;
  const [name, inline] = option.split('=', 2) as [string, string?];
  const prefix = inline ?? value;
  const surplus = name === '--prefix' && inline === undefined ? rest : args.slice(1);
  if (surplus.length > 0) throw new Error(`unknown argument ${surplus[0]}`);
  if (name === '--user') return { kind: 'user' };
  if (name === '--sys-prefix') return { kind: 'prefix', prefix: sysPrefix(env) };
  if (name !== '--prefix') throw new Error(`unknown option ${name}: use --user, --prefix DIR or --sys-prefix`);
  if (!prefix) throw new Error('--prefix needs a directory');
  return { kind: 'prefix', prefix: resolve(prefix) };
};

/** The prefix of the Python environment that is active. */
const sysPrefix = (env: NodeJS.ProcessEnv): string => {
  const active = env.VIRTUAL_ENV ?? env.CONDA_PREFIX;
  if (active) return active;
  for (const python of ['python3', 'python']) {
    const asked = spawnSync(python, ['-c', 'import sys; print(sys.prefix)'], { encoding: 'utf8' });
    if (asked.status === 0) return asked.stdout.trim();
  }
  throw new Error('--sys-prefix: no Python found; activate an environment, or name it with --prefix DIR');
};

/** The directory of this kernel's spec. */
export const specDirectory = (place: Place, env: NodeJS.ProcessEnv): string => {
  const base = place.kind === 'prefix' ? join(place.prefix, 'share', 'jupyter') : userData(env);
  return join(base, 'kernels', KERNEL_NAME);
};

/** As jupyter_core.paths.jupyter_data_dir. */
const userData = (env: NodeJS.ProcessEnv): string => {
  if (env.JUPYTER_DATA_DIR) return env.JUPYTER_DATA_DIR;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter');
  if (process.platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'jupyter');
  return join(env.XDG_DATA_HOME ?? join(homedir(), '.local', 'share'), 'jupyter');
};

/** TSNB_HISTORY, where it is set, goes with the kernel: see jupyter/history.ts. */
export const kernelSpec = (launcher: string, { TSNB_HISTORY }: NodeJS.ProcessEnv): object => ({
  argv: [process.execPath, launcher, 'kernel', '--connection-file', '{connection_file}'],
  ...(TSNB_HISTORY === undefined ? {} : { env: { TSNB_HISTORY } }),
  display_name: 'TypeScript (tsnb)',
  language: 'typescript',
  interrupt_mode: 'message',
  // jupyter_client writes CurveZMQ keys into the connection file of a kernel that says this.
  metadata: { debugger: false, supported_encryption: 'curve' },
});

/** The packages around a launcher that does not stay where it is: npx's cache, or a kernelspec that was installed from it. */
const passing = (launcher: string): string | undefined =>
  /^(.*[\\/](?:_npx[\\/][^\\/]+|kernels[\\/]tsnb)[\\/]node_modules)[\\/]/.exec(launcher)?.[1];

/**
 * Writes the whole directory beside its place first, so that Jupyter never sees half of it. A kernel in npx's cache is
 * copied into it, because npm may empty that cache.
 */
export const install = (directory: string, launcher: string, env: NodeJS.ProcessEnv): void => {
  const modules = passing(launcher);
  const lasting = modules ? join(directory, 'node_modules', relative(modules, launcher)) : launcher;
  makeFolder(dirname(directory));
  const draft = mkdtempSync(`${directory}-`);
  try {
    // Jupyter may run as someone else.
    chmodSync(draft, 0o755);
    if (modules) cpSync(modules, join(draft, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(draft, 'kernel.json'), `${JSON.stringify(kernelSpec(lasting, env), null, 2)}\n`);
    writeFileSync(join(draft, 'logo-svg.svg'), LOGO);
    rmSync(directory, { recursive: true, force: true });
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
};

/** Returns false where nothing is installed. Refuses a directory that holds another kernel. */
export const uninstall = (directory: string): boolean => {
  const file = join(directory, 'kernel.json');
  if (!existsSync(file)) return false;
  const { argv = [] } = JSON.parse(readFileSync(file, 'utf8')) as { argv?: string[] };
  if (!argv.some(each => each.includes('tsnb'))) throw new Error(`${file} starts another kernel: ${argv.join(' ')}`);
  rmSync(directory, { recursive: true });
  return true;
};

const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
  <rect width="64" height="64" rx="10" fill="#2f5d8a"/>
  <path d="M12 44c9 0 9-24 20-24s11 24 20 24" fill="none" stroke="#fff" stroke-width="5" stroke-linecap="round"/>
</svg>
`;
