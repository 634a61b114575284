import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Task } from './tasks.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const environment = join(root, '.venv-torch');

/**
 * The Python that has PyTorch: TORCH_PYTHON, or an environment in .venv-torch that is made here on first use.
 * @returns undefined, with the reason on stderr, where it cannot be had
 */
export const torchPython = (): string | undefined => {
  if (process.env.TORCH_PYTHON !== undefined) return process.env.TORCH_PYTHON || undefined;
  const python = join(environment, 'bin', 'python');
  const has = () => spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0;
  if (existsSync(python) && has()) return python;
  console.error('installing PyTorch into .venv-torch, for this benchmark alone');
  const made = spawnSync('python3', ['-m', 'venv', environment], { stdio: ['ignore', 2, 2] });
  const pip = ['-m', 'pip', 'install', '--quiet', 'torch==2.15.0', 'numpy==2.4.6'];
  const installed = made.status === 0 && spawnSync(python, pip, { stdio: ['ignore', 2, 2] }).status === 0;
  if (!installed) console.error('PyTorch could not be installed; its columns stay empty');
  return installed ? python : undefined;
};

/** What the worker answers. */
interface Answer {
  readonly seconds?: number[];
  readonly ready?: number;
  readonly parameters?: number;
  readonly torch?: string;
}

export interface TorchWorker {
  prepare(task: Task, compiled: boolean): Promise<Answer>;
  run(times: number): Promise<number[]>;
  close(): void;
}

/** NHWC here, NCHW there. */
const request = (task: Task, compiled: boolean) => {
  const [b, h, w, c] = task.shape;
  return { prepare: { ...task, shape: [b, c, h, w], compiled } };
};

/** A Python process that does one task, run by run, when it is told to. */
export const torchWorker = (python: string): TorchWorker => {
  const script = join(root, 'test', 'bench', 'torch', 'worker.py');
  const child: ChildProcess = spawn(python, ['-B', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const ask = async (message: unknown): Promise<Answer> => {
    child.stdin!.write(`${JSON.stringify(message)}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error('the PyTorch worker ended; its error stands above');
    return JSON.parse(value) as Answer;
  };
  return {
    prepare: (task, compiled) => ask(request(task, compiled)),
    run: async times => (await ask({ run: times })).seconds ?? [],
    close: () => void child.stdin!.end(),
  };
};
