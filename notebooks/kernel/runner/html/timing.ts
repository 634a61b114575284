import { bytes, cellNumber, duration } from '../record/describe.js';
import { before, type EarlierRun } from '../record/earlier.js';
import type { Environment } from '../record/environment.js';
import type { NotebookRun } from '../record/result-types.js';
import { escapeHtml } from './escape.js';
import type { NotebookHtml } from './notebook.js';

const WIDTH = 90;
const HEIGHT = 18;
const POINTS = 24;

/** The times of earlier runs and of this one, from 0, as a small line; nothing where there is one alone. */
export const sparkline = (run: NotebookRun, earlier: readonly EarlierRun[], about: Environment): string => {
  const then = before(run, earlier, about).map(({ seconds }) => seconds);
  const times = [...then, ...(run.reused ? [] : [run.milliseconds / 1000])].slice(-POINTS);
  if (times.length < 2) return '';
  const most = Math.max(...times, 1e-3);
  const place = (seconds: number, i: number): [string, string] => [
    ((i * (WIDTH - 4)) / (times.length - 1) + 2).toFixed(1),
    (HEIGHT - 2 - ((HEIGHT - 4) * seconds) / most).toFixed(1),
  ];
  const [x, y] = place(times.at(-1)!, times.length - 1);
  const words = `the latest ${times.length} runs took ${times.map(each => duration(1000 * each)).join(', ')}`;
  return [
    `<svg class="spark" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(words)}">`,
    `<title>${escapeHtml(words)}</title>`,
    `<polyline points="${times.map((each, i) => place(each, i).join(',')).join(' ')}"/><circle cx="${x}" cy="${y}" r="2"/></svg>`,
  ].join('');
};

const SHOWN = 10;

/** The cells that took longest, of all notebooks. */
export const slowestCells = (runs: readonly NotebookRun[], notebooks: readonly NotebookHtml[]): string => {
  const all = runs.flatMap((run, i) => run.cells.map(cell => ({ cell, run, ...notebooks[i]! })));
  if (all.length < 2) return '';
  const slowest = all.sort((a, b) => b.cell.milliseconds - a.cell.milliseconds).slice(0, SHOWN);
  const rows = slowest.map(({ cell, run, id, title }) => {
    const number = cellNumber(cell);
    const share = `${Math.round((100 * cell.milliseconds) / Math.max(run.milliseconds, 1))} %`;
    const cells = [
      `<a href="#${id}-cell-${number}">cell ${number}</a>`,
      title,
      duration(cell.milliseconds),
      share,
      cell.memory ? bytes(cell.memory) : '–',
    ];
    return `<tr>${cells.map(each => `<td>${each}</td>`).join('')}</tr>`;
  });
  const head = ['cell', 'notebook', 'time', 'of the notebook', 'peak memory'].map(name => `<th>${name}</th>`).join('');
  return `<details><summary>The ${slowest.length} slowest cells</summary><div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></details>`;
};

/** What takes more than it used to. */
export const regressionList = (found: readonly string[]): string =>
  found.length === 0
    ? ''
    : `<div class="reason"><strong>More than usual</strong><ul>${found.map(each => `<li>${escapeHtml(each)}</li>`).join('')}</ul></div>`;
