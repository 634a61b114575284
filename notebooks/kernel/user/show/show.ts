import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers';
import { inspect, types } from 'node:util';
import { NativePromise, react } from '../../link/primordials.js';
import type { Bundle } from '../../link/protocol.js';
import { ndarray, tensor, typedArray } from './arrays.js';
import { DISPLAY, encodeData } from './display.js';
import { canvas, imageFile, pixels } from './images.js';
import { parts } from './parts.js';
import type { Presenter } from './presenter.js';
import { element, table } from './tables.js';

/** The content of an execute_result. */
export interface Shown {
  readonly data: Bundle;
  readonly metadata: Bundle;
  readonly transient?: Bundle;
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' || typeof value === 'function') && value !== null;

/** A proxy that has been revoked: whatever is asked of it throws. */
const isRevoked = (value: object): boolean => types.isProxy(value) && inspect(value) === '<Revoked Proxy>';

/** What the value says of itself comes first: see display.ts. */
const asked: Presenter = async value => {
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  const own: unknown = typeof method === 'function' ? await method.call(value) : undefined;
  return isObject(own) ? { ...own } : undefined;
};

/** Its `metadata`, a record by MIME type, of what is shown: the size of a picture with two pixels a point, say. */
const metadataOf = (value: unknown, data: Bundle): Bundle => {
  if (!isObject(value) || isRevoked(value) || typeof (value as Record<symbol, unknown>)[DISPLAY] !== 'function')
    return {};
  const { metadata } = value as { metadata?: unknown };
  return isObject(metadata) ? Object.fromEntries(Object.entries(metadata).filter(([mime]) => mime in data)) : {};
};

const PRESENTERS: readonly Presenter[] = [
  asked,
  tensor,
  ndarray,
  imageFile,
  pixels,
  canvas,
  typedArray,
  table,
  element,
];

/** The MIME bundle of a value; there is always a text. */
export const show = async (value: unknown): Promise<Shown> => {
  let data: Bundle = {};
  for (const present of isObject(value) && !isRevoked(value) ? PRESENTERS : []) {
    const found = await present(value as object);
    if (!found) continue;
    data = encodeData(found);
    break;
  }
  return {
    data: 'text/plain' in data ? data : { 'text/plain': await parts(value), ...data },
    metadata: metadataOf(value, data),
  };
};

const PENDING: unique symbol = Symbol('pending');

/**
 * A promise as a cell's value is shown as it stands; one that is pending gets a display_id, and its output is
 * replaced once it has settled. It is not awaited: a cell that wants the value says so.
 */
export const showLive = async (value: unknown, update: (content: Shown) => void): Promise<Shown> => {
  // What an async function returns is asked for `then`, which may be the author's; what it awaits is not.
  if (!isPromise(value)) return await show(value);
  const shown = settled(value);
  const now = await new NativePromise<Shown | typeof PENDING>((resolve, reject) => {
    void react(shown, resolve, reject);
    setImmediate(resolve, PENDING);
  });
  if (now !== PENDING) return now;
  const transient = { display_id: randomUUID() };
  void react(shown, later => update({ ...later, transient }));
  // Looking at a promise must not count as handling its rejection, which is an error of the cell.
  void react(value, () => undefined);
  return { data: { 'text/plain': 'Promise { <pending> }' }, metadata: {}, transient };
};

const isPromise = (value: unknown): value is Promise<unknown> => types.isPromise(value);

const settled = async (promise: Promise<unknown>): Promise<Shown> => {
  const outcome = await react(
    promise,
    value => [value],
    () => undefined,
  );
  const text = outcome ? String((await show(outcome[0])).data['text/plain']) : '<rejected>';
  return { data: { 'text/plain': `Promise { ${text} }` }, metadata: {} };
};
