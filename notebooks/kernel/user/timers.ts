import type { Lives } from './lives.js';

const NAMES = ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const;

type Schedule = (work: unknown, ...args: unknown[]) => unknown;

/** What a cell has called later, by the functions that it finds without an import, speaks for that cell. */
export const bindTimers = (bind: Lives['bind']): void => {
  for (const name of NAMES) replace(globalThis as unknown as Record<string, Schedule>, name, bind);
  replace(process as unknown as Record<string, Schedule>, 'nextTick', bind);
};

const replace = (holder: Record<string, Schedule>, name: string, bind: Lives['bind']): void => {
  const native = holder[name]!;
  const bound: Schedule = (work, ...args) =>
    native.call(holder, typeof work === 'function' ? bind(work as Schedule) : work, ...args);
  // With its name, and what util.promisify asks for.
  Object.defineProperties(bound, Object.getOwnPropertyDescriptors(native));
  holder[name] = bound;
};
