import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import { venvPython } from './python.js';
import type { Stage } from './stage.js';

const quiet = $({ quiet: true, nothrow: true });
const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';

/** Registers the kernel in .venv, where there is one: the user's own folders stay as they are, by its history too. */
export const kernelStage = (root: string): Stage => {
  const prefix = join(root, '.venv');
  const spec = join(prefix, 'share', 'jupyter', 'kernels', 'tsnb', 'kernel.json');
  const history = join(root, '.cache', 'history.jsonl');
  const launcher = join(root, 'notebooks', 'kernel', 'bin', 'tsnb.mjs');
  return {
    name: 'kernel',
    key: () => [root, process.execPath, existsSync(spec), existsSync(venvPython(root)), history].join(' '),
    run: async () => {
      if (!existsSync(venvPython(root))) return 'runs headless; there is no .venv to register it in';
      const done = await quiet({
        env: { ...process.env, TSNB_HISTORY: history },
      })`${process.execPath} ${launcher} install --prefix ${prefix}`;
      if (done.exitCode !== 0) throw new Error(`tsnb install failed: ${lastLine(done.stderr || done.stdout)}`);
      return 'registered in .venv as "tsnb"';
    },
  };
};
