import { inspect } from 'node:util';
import type { Bundle } from '../protocol.js';
import { DISPLAY, encodeData } from './display.js';

export interface Shown {
  readonly data: Bundle;
  readonly metadata: Bundle;
}

const isBundle = (value: unknown): value is Bundle => typeof value === 'object' && value !== null;

const asked = (value: unknown): (() => unknown) | undefined => {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined;
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  return typeof method === 'function' ? () => method.call(value) : undefined;
};

/** The MIME bundle of a cell's last value: its own, if it has one, and always a text. */
export const show = async (value: unknown): Promise<Shown> => {
  const own = await asked(value)?.();
  const data = isBundle(own) ? encodeData(own) : {};
  return { data: { ...('text/plain' in data ? {} : { 'text/plain': plain(value) }), ...data }, metadata: {} };
};

const plain = (value: unknown): string => inspect(value, { depth: 4, maxArrayLength: 100, breakLength: 100 });
