import { readFileSync } from 'node:fs';

/**
 * Node's option for a stack as large as the system grants: V8 takes less than a megabyte of it, which a chain of a
 * thousand calls fills while it is compiled. Where the system does not say, V8's own choice stays.
 */
export const stackOption = (limits = limitsOfSystem()): string[] => {
  const soft = /^Max stack size\s+(\d+|unlimited)/m.exec(limits)?.[1];
  if (soft === undefined) return [];
  const bytes = soft === 'unlimited' ? MOST_BYTES : Math.min(Number(soft), MOST_BYTES);
  const kilobytes = Math.floor((bytes - NATIVE_BYTES) / 1024);
  return kilobytes > V8_KILOBYTES ? [`--stack-size=${kilobytes}`] : [];
};

const MOST_BYTES = 64 * 2 ** 20;
/** Native code is called from the deepest JavaScript, too. */
const NATIVE_BYTES = 1.5 * 2 ** 20;
const V8_KILOBYTES = 984;

const limitsOfSystem = (): string => {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
};
