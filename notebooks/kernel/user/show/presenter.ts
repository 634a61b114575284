import { inspect, types } from 'node:util';
import { react } from '../../link/primordials.js';

/** A MIME bundle. */
export type Data = Readonly<Record<string, unknown>>;

/** Knows how to show one shape of value; undefined for every other. No class is asked for, only what it has. */
export type Presenter = (value: object) => Later<Data | undefined>;

/** What is there is not awaited, so that output comes in the order in which it was asked for. */
export type Later<T> = T | Promise<T>;

export const whenThere = <T, R>(value: Later<T>, next: (value: T) => Later<R>): Later<R> =>
  types.isPromise(value) ? (react(value as Promise<T>, next) as Promise<R>) : next(value as T);

export const plain = (value: unknown): string =>
  inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 });

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Six significant digits are enough to recognise a number by. */
export const number = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
