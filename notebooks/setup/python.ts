import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { $ } from 'zx';
import { type Requirement, requirements } from './requirements.js';
import type { Stage } from './stage.js';

const quiet = $({ quiet: true, nothrow: true });

/** The project's own environment; nothing is installed outside it. */
export const venvPython = (root: string): string =>
  process.platform === 'win32' ? join(root, '.venv', 'Scripts', 'python.exe') : join(root, '.venv', 'bin', 'python');

/** Whether an NVIDIA driver answers: only then is the large CUDA variant of the wheel worth its download. */
export const hasNvidiaGpu = async (): Promise<boolean> => (await quiet`nvidia-smi -L`).exitCode === 0;

async function findPython(): Promise<string> {
  const seen: string[] = [];
  for (const name of [process.env.PYTHON, 'python3', 'python'].filter(n => n !== undefined && n !== '')) {
    const answer = await quiet`${name} -c ${'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])'}`;
    const version = answer.stdout.trim();
    if (answer.exitCode !== 0) {
      const missing = /No module named '(\w+)'/.exec(answer.stderr)?.[1];
      if (missing !== undefined) seen.push(`${name} lacks the module ${missing} (on Debian: apt install python3-venv)`);
      continue;
    }
    const [major = 0, minor = 0] = version.split('.').map(Number);
    if (major > 3 || (major === 3 && minor >= 10)) return name as string;
    seen.push(`${name} is ${version}, 3.10 or later is needed`);
  }
  throw new Error(seen.join('; ') || 'no Python 3 found');
}

/** Why pip failed, in one line: its last ERROR line says more than its exit code. */
const pipReason = (stderr: string): string =>
  stderr
    .split('\n')
    .filter(line => line.startsWith('ERROR:'))
    .at(-1)
    ?.slice(7) ?? 'pip failed';

async function install(root: string, packages: readonly string[]): Promise<void> {
  if (!existsSync(venvPython(root))) {
    const python = await findPython();
    const made = await quiet`${python} -m venv ${join(root, '.venv')}`;
    if (made.exitCode !== 0) throw new Error(`${python} -m venv failed: ${made.stderr.trim().split('\n').at(-1)}`);
  }
  const pip = await quiet`${venvPython(root)} -m pip install --quiet --disable-pip-version-check ${packages}`;
  if (pip.exitCode !== 0) throw new Error(pipReason(pip.stderr));
}

/** A stage that puts one group of packages into .venv; `cost` says what the project does without it. */
export function pythonStage(root: string, groups: readonly Requirement[], name: string, cost: string): Stage {
  const packages = groups.flatMap(group => requirements[group]);
  return {
    name,
    key: () => `${packages.join(' ')} ${existsSync(venvPython(root))}`,
    run: async () => {
      try {
        await install(root, packages);
      } catch (error) {
        throw new Error(`${(error as Error).message}; ${cost}`);
      }
      return `${packages.join(', ')} in .venv`;
    },
  };
}
