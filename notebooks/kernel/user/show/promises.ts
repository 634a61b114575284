import { randomUUID } from 'node:crypto';
import { type Shown, show } from './show.js';

const PENDING = Symbol('pending');

/**
 * A promise as a cell's value is shown as it stands; one that is pending gets a display_id, and its output is
 * replaced once it has settled. It is not awaited: a cell that wants the value says so.
 */
export const showLive = async (value: unknown, update: (content: Shown) => void): Promise<Shown> => {
  if (!isPromise(value)) return show(value);
  const now = await Promise.race([settled(value), new Promise(resolve => setImmediate(resolve, PENDING))]);
  if (now !== PENDING) return now as Shown;
  const transient = { display_id: randomUUID() };
  void settled(value).then(then => update({ ...then, transient }));
  // Looking at a promise must not count as handling its rejection, which is an error of the cell.
  void value.then(() => undefined);
  return { data: { 'text/plain': 'Promise { <pending> }' }, metadata: {}, transient };
};

const isPromise = (value: unknown): value is Promise<unknown> =>
  Object.prototype.toString.call(value) === '[object Promise]';

const settled = async (promise: Promise<unknown>): Promise<Shown> => {
  const outcome = await promise.then(show, () => undefined);
  const text = outcome ? String(outcome.data['text/plain']) : '<rejected>';
  return { data: { 'text/plain': `Promise { ${text} }` }, metadata: {} };
};
