import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const COPIED = ['lib', 'notebooks', 'data', 'package.json', 'package-lock.json', 'tsconfig.json'] as const;
/** The outcome of the set-up, and the add-on that silences TensorFlow; the rest of .build is made again. */
const BUILT = ['.build/setup', '.build/stderr.node'] as const;
const LINKED = ['node_modules', '.venv', '.cache/data'] as const;

/**
 * A copy of the project in a folder of its own, with links to what is installed and to data that were fetched: for a program that minds when files
 * around it come and go. `remove` takes it away.
 */
export const copyProject = (): { root: string; remove: () => void } => {
  const root = mkdtempSync(join(tmpdir(), 'project-'));
  for (const name of ['.build', '.cache']) mkdirSync(join(root, name));
  for (const name of [...COPIED, ...BUILT]) {
    if (existsSync(name)) cpSync(name, join(root, name), { recursive: true });
  }
  for (const name of LINKED) if (existsSync(name)) symlinkSync(resolve(name), join(root, name), 'dir');
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
};
