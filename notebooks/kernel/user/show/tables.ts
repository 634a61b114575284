import { types } from 'node:util';
import { type Data, escapeHtml, number, type Presenter } from './presenter.js';

type Row = Readonly<Record<string, unknown>>;

const MOST_ROWS = 50;

/** An array of plain records with the same few fields: a table. */
export const table: Presenter = value => {
  // `every` would pass over the places of an array that are empty.
  if (!Array.isArray(value) || value.length === 0 || !isRecord(value[0])) return undefined;
  if (!Array.from(value as unknown[]).every(isRecord)) return undefined;
  const rows = value as readonly Row[];
  const columns = Object.keys(rows[0]!);
  const same = rows.every(row => Object.keys(row).length === columns.length && columns.every(name => name in row));
  if (!same || columns.length === 0 || !rows.every(row => Object.values(row).every(isSimple))) return undefined;
  return { 'text/plain': textTable(columns, rows), 'text/html': htmlTable(columns, rows) };
};

const isRecord = (value: unknown): value is Row =>
  typeof value === 'object' &&
  value !== null &&
  !types.isProxy(value) &&
  Object.getPrototypeOf(value) === Object.prototype;

const isSimple = (value: unknown): boolean => value === null || typeof value !== 'object';

const cell = (value: unknown): string => (typeof value === 'number' ? number(value) : String(value));

const more = (rows: readonly Row[]): string =>
  rows.length > MOST_ROWS ? `… ${rows.length - MOST_ROWS} more rows` : '';

const textTable = (columns: readonly string[], rows: readonly Row[]): string => {
  const lines = [columns, ...rows.slice(0, MOST_ROWS).map(row => columns.map(name => cell(row[name])))];
  const widths = columns.map((_, at) => Math.max(...lines.map(line => line[at]!.length)));
  const right = columns.map(name => rows.every(row => typeof row[name] === 'number'));
  const aligned = lines.map(line =>
    line
      .map((text, at) => (right[at] ? text.padStart(widths[at]!) : text.padEnd(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
  return [aligned[0], widths.map(width => '-'.repeat(width)).join('  '), ...aligned.slice(1), more(rows)]
    .filter(line => line !== '')
    .join('\n');
};

const htmlTable = (columns: readonly string[], rows: readonly Row[]): string => {
  const head = columns.map(name => `<th>${escapeHtml(name)}</th>`).join('');
  const body = rows
    .slice(0, MOST_ROWS)
    .map(row => `<tr>${columns.map(name => `<td>${escapeHtml(cell(row[name]))}</td>`).join('')}</tr>`);
  const rest = more(rows) && `<p>${more(rows)}</p>`;
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>${rest}`;
};

/** Something that knows its own HTML: an element of jsdom. */
export const element: Presenter = (value): Data | undefined => {
  const { outerHTML } = value as { outerHTML?: unknown };
  return typeof outerHTML === 'string' ? { 'text/html': outerHTML } : undefined;
};
