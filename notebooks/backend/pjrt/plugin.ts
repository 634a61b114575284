import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../files/root.js';
import type { AcceleratorName } from './accelerators.js';
import { accelerators } from './accelerators.js';

/** The folder of an environment's packages. */
const environment = (root: string): string[] => {
  const lib = join(root, '.venv', 'lib');
  if (!existsSync(lib)) return [];
  return readdirSync(lib)
    .filter(name => name.startsWith('python'))
    .map(name => join(lib, name, 'site-packages'));
};

/** Those of the Python that is found first, where JAX may be installed with its plugins. */
const system = (): string[] => {
  try {
    const command = 'import sysconfig; print(sysconfig.get_path("platlib"))';
    return [execFileSync('python3', ['-c', command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()];
  } catch {
    return [];
  }
};

/** The largest shared library of an installed Python package, by its list of files. */
const libraryOf = (packages: string, distribution: string): string | undefined => {
  if (!existsSync(packages)) return undefined;
  const stem = `${distribution.replaceAll('-', '_')}-`;
  const info = readdirSync(packages).find(name => name.startsWith(stem) && name.endsWith('.dist-info'));
  if (info === undefined) return undefined;
  const files = readFileSync(join(packages, info, 'RECORD'), 'utf8')
    .split('\n')
    .map(line => join(packages, line.split(',')[0] ?? ''))
    .filter(path => /\.(so|dylib)$/.test(path) && existsSync(path));
  return files.sort((a, b) => statSync(b).size - statSync(a).size)[0];
};

/** Where the plugin of an accelerator is: in the project's own environment, or in the system's; undefined for nowhere. */
export const findPlugin = (name: AcceleratorName): string | undefined => {
  const { distribution } = accelerators[name];
  for (const folders of [() => environment(projectRoot()), system])
    for (const folder of folders()) {
      const found = libraryOf(folder, distribution);
      if (found !== undefined) return found;
    }
  return undefined;
};
