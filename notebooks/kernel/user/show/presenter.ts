import { inspect } from 'node:util';

/** A MIME bundle. */
export type Data = Readonly<Record<string, unknown>>;

/** Knows how to show one shape of value; undefined for every other. No class is asked for, only what it has. */
export type Presenter = (value: object) => Data | undefined | Promise<Data | undefined>;

export const plain = (value: unknown): string =>
  inspect(value, { depth: 4, maxArrayLength: 100, maxStringLength: 10_000, breakLength: 100 });

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Six significant digits are enough to recognise a number by. */
export const number = (value: number): string =>
  Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)));
