import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../support/port.js';
import type { Job, Told } from './worker.js';

/** The option of a test that needs several processes: false, or what is left out. */
export const skip = existsSync('.build/collective.node')
  ? false
  : 'the add-on for several processes is not compiled here';

const worker = fileURLToPath(new URL('worker.ts', import.meta.url));

/** Ports of the loopback interface that are free and differ. */
export const ports = async (n: number): Promise<number[]> => {
  const found = new Set<number>();
  while (found.size < n) found.add(await freePort());
  return [...found];
};

/** What all tasks told, merged line by line; the first to end with a task that stopped itself ends that one. */
export const launch = async (
  n: number,
  common: Omit<Job, 'tasks' | 'index' | 'timeout'> & { readonly timeout?: number },
  each: (index: number) => Partial<Job> = () => ({}),
): Promise<Told[]> => {
  const tasks = await ports(n);
  const started = tasks.map((_, index) => {
    const job: Job = { timeout: 60, ...common, tasks, index, ...each(index) };
    const child = spawn(process.execPath, ['--import', 'tsx', worker, JSON.stringify(job)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', part => {
      text += part;
    });
    const told = once(child, 'close').then(() =>
      Object.assign(
        {},
        ...text
          .trim()
          .split('\n')
          .map(line => JSON.parse(line || '{}')),
      ),
    );
    return { child, told: told as Promise<Told>, stops: job.until?.signal === 'SIGSTOP' };
  });
  const running = started.filter(({ stops }) => !stops);
  await Promise.all(running.map(({ told }) => told));
  for (const { child, stops } of started) if (stops) child.kill('SIGKILL');
  return Promise.all(started.map(({ told }) => told));
};
