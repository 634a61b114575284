import { inspect, types } from 'node:util';
import { NativePromise, react } from '../link/primordials.js';
import type { Life } from './lives.js';

/**
 * What a cell awaits at its top level, and an interrupt may end. A promise that has settled, and whatever is none, is
 * awaited as it is: code that counts on the order of such continuations finds it.
 */
export const untilInterrupted = <T>(value: T, life: Life | undefined): T | Promise<Awaited<T>> => {
  if (life === undefined || !types.isPromise(value) || !isPending(value)) return value;
  return new NativePromise((resolve, reject) => {
    life.end = reject;
    // Once, and with the functions themselves: so V8 knows who waits here, and tracebacks say it.
    void react(value as Promise<Awaited<T>>, resolve, reject);
  });
};

/** Node says it to nobody else. */
const isPending = (promise: Promise<unknown>): boolean =>
  inspect(promise, { depth: 0, maxArrayLength: 0, maxStringLength: 0, customInspect: false }).includes('{ <pending>');
