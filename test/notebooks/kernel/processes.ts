import { execFileSync } from 'node:child_process';

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

/** Everything that a process has started, and what that has started. */
export const below = (parent: number, rows = processes()): number[] => {
  const children = rows.filter(row => row.parent === parent).map(({ pid }) => pid);
  return [...children, ...children.flatMap(child => below(child, rows))];
};

export const alive = (pids: readonly number[]): number[] => {
  const running = new Set(processes().map(({ pid }) => pid));
  return pids.filter(pid => running.has(pid));
};
