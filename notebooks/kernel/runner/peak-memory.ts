import { readdirSync, readFileSync, writeFileSync } from 'node:fs';

/** The memory of a process and of what it has started, from the outside: it asks nothing of the kernel. */
export interface PeakMemory {
  /** From now on. */
  reset(): void;
  /** The most bytes that one of them has held in memory since; undefined where the system does not tell. */
  read(): number | undefined;
}

/** Linux tells, and can be told to begin anew. https://man7.org/linux/man-pages/man5/proc_pid_clear_refs.5.html */
const PEAK_BEGINS_ANEW = '5';

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // The process has ended, or this is not Linux.
  }
};

const threads = (pid: number): string[] => {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
};

const family = (pid: number): number[] => {
  const children = threads(pid).flatMap(thread => read(`/proc/${pid}/task/${thread}/children`).match(/\d+/g) ?? []);
  return [pid, ...children.flatMap(child => family(Number(child)))];
};

export const peakMemory = (pid: number | undefined): PeakMemory => ({
  reset() {
    for (const each of pid === undefined ? [] : family(pid)) {
      try {
        writeFileSync(`/proc/${each}/clear_refs`, PEAK_BEGINS_ANEW);
      } catch {
        // What has been held before then counts as well.
      }
    }
  },
  read() {
    const peaks = (pid === undefined ? [] : family(pid)).map(
      each => 1024 * Number(/^VmHWM:\s*(\d+)/m.exec(read(`/proc/${each}/status`))?.[1] ?? 0),
    );
    return Math.max(0, ...peaks) || undefined;
  },
});
