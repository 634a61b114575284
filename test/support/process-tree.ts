import { execFileSync, spawnSync } from 'node:child_process';

interface Row {
  readonly pid: number;
  readonly parent: number;
}

/** All processes but those that have ended and are only still listed. */
const processes = (): Row[] =>
  execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(row => row.trim().split(/\s+/))
    .filter(([, , state]) => !state?.startsWith('Z'))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));

/** The processes that one has started, and those that these have started. */
export const below = (parent: number, rows = processes()): number[] => {
  const children = rows.filter(row => row.parent === parent).map(({ pid }) => pid);
  return [...children, ...children.flatMap(child => below(child, rows))];
};

export const alive = (pids: readonly number[]): number[] => {
  const running = new Set(processes().map(({ pid }) => pid));
  return pids.filter(pid => running.has(pid));
};

/** Its command line; empty where it has ended. */
export const commandOf = (pid: number): string =>
  spawnSync('ps', ['-p', String(pid), '-o', 'args='], { encoding: 'utf8' }).stdout;

/** Those that are still alive after so long. */
export const survivors = async (pids: readonly number[], ms: number): Promise<number[]> => {
  const end = Date.now() + ms;
  while (Date.now() < end && alive(pids).length > 0) await new Promise(resolve => setTimeout(resolve, 50));
  return alive(pids);
};
