import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers';
import { inspect, types } from 'node:util';
import { NativePromise, react } from '../../link/primordials.js';
import type { Bundle } from '../../link/protocol.js';
import { ndarray, tensor, typedArray } from './arrays.js';
import { DISPLAY, encodeData } from './display.js';
import { canvas, imageFile, pixels } from './images.js';
import { parts } from './parts.js';
import { type Data, type Later, type Presenter, whenThere } from './presenter.js';
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
const asked: Presenter = value => {
  const method = (value as Record<symbol, unknown>)[DISPLAY];
  const own: Later<unknown> = typeof method === 'function' ? method.call(value) : undefined;
  return whenThere(own, bundle => (isObject(bundle) ? { ...bundle } : undefined));
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
export const show = (value: unknown): Later<Shown> => {
  const presenters = isObject(value) && !isRevoked(value) ? PRESENTERS : [];
  return whenThere(presented(value as object, presenters), found => {
    if (!found) return whenThere(parts(value), data => ({ data, metadata: {} }));
    const data = encodeData(found);
    const metadata = metadataOf(value, data);
    if ('text/plain' in data) return { data, metadata };
    return whenThere(parts(value), text => ({ data: { 'text/plain': text['text/plain'], ...data }, metadata }));
  });
};

/** By the first that knows it. */
const presented = (value: object, [first, ...others]: readonly Presenter[]): Later<Data | undefined> =>
  first && whenThere(attempt(first, value), found => found ?? presented(value, others));

/** A getter may throw where somebody looks what the value is; what it says of itself counts as it is. */
const attempt: (present: Presenter, value: object) => ReturnType<Presenter> = (present, value) => {
  if (present === asked && !types.isProxy(value)) return present(value);
  try {
    return present(value);
  } catch {
    return undefined;
  }
};

const PENDING: unique symbol = Symbol('pending');

/**
 * A promise as a cell's value is shown as it stands; one that is pending gets a display_id, and its output is
 * replaced once it has settled. It is not awaited: a cell that wants the value says so.
 */
export const showLive = (value: unknown, update: (content: Shown) => void): Later<Shown> =>
  isPromise(value) ? showPromise(value, update) : show(value);

const showPromise = async (value: Promise<unknown>, update: (content: Shown) => void): Promise<Shown> => {
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
