import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import { venvPython } from './python.js';
import type { Stage } from './stage.js';

const quiet = $({ quiet: true, nothrow: true });
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** Bundles the kernel, which halves its start-up time; without the bundle it runs from its sources. */
export const kernelBuildStage = (root: string): Stage => {
  const folder = join(root, 'notebooks', 'kernel');
  return {
    name: 'kernel-build',
    key: () => {
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
      const sources = names.filter(name => name.endsWith('.ts')).sort();
      const bundle = existsSync(join(root, '.build', 'kernel', 'cli.js'));
      return [bundle, ...sources.map(name => readFileSync(join(folder, name), 'utf8'))].join('\0');
    },
    run: async () => {
      const done = await quiet`${process.execPath} --import tsx ${join(folder, 'build.ts')}`;
      if (done.exitCode !== 0)
        throw new Error(`the bundle was not built (${lastLine(done.stderr)}); it starts slower`);
      return 'bundled in .build/kernel';
    },
  };
};

/** Registers the kernel in .venv, where there is one: the user's own folders stay as they are. */
export const kernelStage = (root: string): Stage => {
  const prefix = join(root, '.venv');
  const spec = join(prefix, 'share', 'jupyter', 'kernels', 'tsnb', 'kernel.json');
  const launcher = join(root, 'notebooks', 'kernel', 'bin', 'tsnb.mjs');
  return {
    name: 'kernel',
    key: () => `${root} ${process.execPath} ${existsSync(spec)} ${existsSync(venvPython(root))}`,
    run: async () => {
      if (!existsSync(venvPython(root))) return 'runs headless; there is no .venv to register it in';
      const done = await quiet`${process.execPath} ${launcher} install --prefix ${prefix}`;
      if (done.exitCode !== 0)
        throw new Error(`tsnb install failed: ${lastLine(done.stderr || done.stdout)}`);
      return 'registered in .venv as "tsnb"';
    },
  };
};
