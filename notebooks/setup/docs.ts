/**
 * Renders the library's doc comments into .build/docs; fails on a broken link and on what has no comment. TypeDoc needs
 * the JavaScript API of TypeScript 5, which the project's own, native TypeScript lacks: both stay in .build/typedoc.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../files/root.js';

const pins = { typedoc: '0.28.20', typescript: '5.9.3' } as const;

const root = projectRoot();
const home = join(root, '.build', 'typedoc');
const folderOf = (name: string): string => join(home, 'node_modules', name);

const installed = (name: string): string | undefined => {
  const manifest = join(folderOf(name), 'package.json');
  return existsSync(manifest) ? (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version : undefined;
};

const run = (command: string, ...args: string[]): number =>
  spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status ?? 1;

if (Object.entries(pins).some(([name, version]) => installed(name) !== version)) {
  console.log('installing TypeDoc into .build/typedoc, for this command alone');
  const packages = Object.entries(pins).map(([name, version]) => `${name}@${version}`);
  const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  if (run('npm', 'install', '--prefix', home, ...options, ...packages) !== 0) process.exit(1);
}

process.exit(run(process.execPath, join(folderOf('typedoc'), 'bin', 'typedoc'), '--options', '.typedoc.json'));
