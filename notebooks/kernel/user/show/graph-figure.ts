import type { GraphRow } from '../../link/protocol.js';
import { DISPLAY } from './display.js';
import { escapeHtml } from './presenter.js';

/** The rows, which a notebook shows as a figure with arcs from each cell to those that read its names. */
export const graphShown = (rows: readonly GraphRow[]): readonly GraphRow[] =>
  Object.defineProperty([...rows], DISPLAY, {
    value: () => ({ 'text/plain': textTable(rows), 'text/html': `${figure(rows)}${htmlTable(rows)}` }),
  });

const ROW = 22;
const WIDTH = 640;
const LETTERS = 62;
/** The arcs are left of the cells: a long one is wide. */
const MOST_BEND = 90;
const STALE = '#b45f06';

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const middle = (row: number): number => row * ROW + ROW / 2;

const figure = (rows: readonly GraphRow[]): string => {
  const at = new Map(rows.map(({ cell }, row) => [cell, row]));
  const arcs = rows.flatMap((row, to) =>
    [...new Set(row.reads.map(({ cell }) => cell))].flatMap(cell => {
      const from = at.get(cell);
      return from === undefined || from === to
        ? []
        : [
            arc(
              from,
              to,
              row.reads.filter(each => each.cell === cell),
            ),
          ];
    }),
  );
  const height = rows.length * ROW;
  const style = 'max-width: 100%; font: 12px monospace; color: inherit';
  const size = `width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} style="${style}">${arcs.join('')}${rows.map(line).join('')}</svg>`;
};

const arc = (from: number, to: number, reads: GraphRow['reads']): string => {
  const x = MOST_BEND + 8;
  const bend = x - Math.min(MOST_BEND, 14 + 9 * Math.abs(to - from));
  const [y1, y2] = [middle(from), middle(to)];
  const names = escapeHtml(reads.map(({ name }) => name).join(', '));
  const path = `M ${x} ${y1} C ${bend} ${y1}, ${bend} ${y2}, ${x} ${y2}`;
  return `<path d="${path}" fill="none" stroke="currentColor" stroke-opacity="0.4"><title>${names}</title></path>`;
};

const line = ({ cell, source, stale }: GraphRow, row: number): string => {
  const y = middle(row);
  const colour = stale === undefined ? 'currentColor' : STALE;
  const why = stale === undefined ? '' : `<title>${escapeHtml(stale)}</title>`;
  const text = escapeHtml(`[${cell}] ${cut(source.trim(), LETTERS)}`);
  const dot = `<circle cx="${MOST_BEND + 12}" cy="${y}" r="3.5" fill="${colour}"/>`;
  return `<g>${why}${dot}<text x="${MOST_BEND + 22}" y="${y + 4}" fill="${colour}">${text}</text></g>`;
};

const HEAD = ['cell', 'declares', 'reads', 'changes', 'not as in a fresh run'];

const columns = ({ cell, declares, reads, changes, stale = '' }: GraphRow): string[] => {
  const from = [...new Set(reads.map(({ name }) => name))];
  const cells = (name: string) => reads.filter(each => each.name === name).map(each => `[${each.cell}]`);
  return [
    `[${cell}]`,
    declares.join(', '),
    from.map(name => `${name} ${cells(name).join('')}`).join(', '),
    changes.join(', '),
    stale,
  ];
};

const textTable = (rows: readonly GraphRow[]): string => {
  const lines = [HEAD, ...rows.map(columns).map(row => row.map(text => cut(text, 48)))];
  const widths = HEAD.map((_, at) => Math.max(...lines.map(each => each[at]!.length)));
  return lines
    .map(each =>
      each
        .map((text, at) => text.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

const htmlTable = (rows: readonly GraphRow[]): string => {
  const row = (texts: readonly string[], tag: string) =>
    `<tr>${texts.map(text => `<${tag} style="text-align: left">${escapeHtml(text)}</${tag}>`).join('')}</tr>`;
  const body = rows.map(each => row(columns(each), 'td')).join('');
  return `<table><thead>${row(HEAD, 'th')}</thead><tbody>${body}</tbody></table>`;
};
