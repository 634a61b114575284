import { types } from 'node:util';
import { type Data, escapeHtml, number, type Presenter } from './presenter.js';

type Row = Readonly<Record<string, unknown>>;

const MOST_ROWS = 50;
const MOST_READ = 500;

/** An array of plain records with the same few fields: a table. */
export const table: Presenter = value => {
  if (!Array.isArray(value) || value.length === 0 || !isRecord(value[0])) return undefined;
  // Nobody reads them all; and `every` would pass over the places of an array that are empty.
  const seen = Array.from({ length: Math.min(value.length, MOST_READ) }, (_, at): unknown => value[at]);
  if (!seen.every(isRecord)) return undefined;
  const rows: readonly Row[] = seen;
  const columns = Object.keys(rows[0]!);
  const same = rows.every(row => Object.keys(row).length === columns.length && columns.every(name => name in row));
  if (!same || columns.length === 0 || !rows.every(hasSimpleFields)) return undefined;
  return { 'text/plain': textTable(columns, rows, value.length), 'text/html': htmlTable(columns, rows, value.length) };
};

const isRecord = (value: unknown): value is Row =>
  typeof value === 'object' &&
  value !== null &&
  !types.isProxy(value) &&
  Object.getPrototypeOf(value) === Object.prototype;

/** A getter is none. */
const hasSimpleFields = (row: Row): boolean =>
  Object.values(Object.getOwnPropertyDescriptors(row)).every(
    ({ value, get }) => !get && (value === null || typeof value !== 'object'),
  );

const cell = (value: unknown): string => (typeof value === 'number' ? number(value) : String(value));

const more = (rows: number): string => (rows > 0 ? `… ${rows} more rows` : '');

const textTable = (columns: readonly string[], rows: readonly Row[], all: number): string => {
  const lines = [columns, ...rows.slice(0, MOST_ROWS).map(row => columns.map(name => cell(row[name])))];
  const widths = columns.map((_, at) => Math.max(...lines.map(line => line[at]!.length)));
  const right = columns.map(name => rows.every(row => typeof row[name] === 'number'));
  const aligned = lines.map(line =>
    line
      .map((text, at) => (right[at] ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
  return [aligned[0], widths.map(width => '-'.repeat(width)).join('  '), ...aligned.slice(1), more(all - MOST_ROWS)]
    .filter(line => line !== '')
    .join('\n');
};

/** The rows after the first ones are folded. */
const htmlTable = (columns: readonly string[], rows: readonly Row[], all: number): string => {
  const head = columns.map(name => `<th>${escapeHtml(name)}</th>`).join('');
  const part = (some: readonly Row[]) => {
    const body = some.map(row => `<tr>${columns.map(name => `<td>${escapeHtml(cell(row[name]))}</td>`).join('')}</tr>`);
    return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
  };
  const others = rows.slice(MOST_ROWS);
  const unseen = all > rows.length ? `<p>${more(all - rows.length)}</p>` : '';
  const folded = `<details><summary>${more(all - MOST_ROWS)}</summary>${part(others)}${unseen}</details>`;
  return part(rows.slice(0, MOST_ROWS)) + (others.length > 0 ? folded : '');
};

/** Something that knows its own HTML: an element of jsdom. */
export const element: Presenter = (value): Data | undefined => {
  const { outerHTML } = value as { outerHTML?: unknown };
  return typeof outerHTML === 'string' ? { 'text/html': outerHTML } : undefined;
};
