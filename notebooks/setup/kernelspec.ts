import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import { venvPython } from './python.js';
import type { Stage } from './stage.js';

/** Builds the kernel for a quick start and, where there is a .venv, registers it there: the user's own folders stay as they are. */
export const kernelStage = (root: string): Stage => {
  const prefix = join(root, '.venv');
  const spec = join(prefix, 'share', 'jupyter', 'kernels', 'tsnb', 'kernel.json');
  return {
    name: 'kernel',
    key: () => `${root} ${process.execPath} ${existsSync(spec)} ${existsSync(venvPython(root))}`,
    run: async () => {
      if (!existsSync(venvPython(root))) return 'runs headless; no .venv to register it in';
      const done = await $({
        quiet: true,
        nothrow: true,
      })`${process.execPath} ${join(root, 'notebooks/kernel/bin/tsnb.mjs')} install --prefix ${prefix}`;
      if (done.exitCode !== 0)
        throw new Error(`tsnb install failed: ${(done.stderr || done.stdout).trim().split('\n').at(-1)}`);
      return 'registered in .venv as "tsnb"';
    },
  };
};
