import { cellNumber } from '../record/describe.js';
import { isTodo, type Notebook, type Output } from '../record/nbformat.js';
import type { NotebookRun } from '../record/result-types.js';
import { escapeHtml } from './escape.js';
import type { NotebookHtml } from './notebook.js';

/** A claim that a cell printed with a mark and its figures: `✓ order of convergence: 1.99, expected 2 ± 0.1`. */
export interface Check {
  readonly index: number;
  readonly holds: boolean;
  readonly claim: string;
  readonly figures: string;
}

const LINE = /^(?:\w+: )?([✓✗]) (.+?)(?:: (.*))?$/;

const textOf = (output: Output): string => {
  if (output.output_type === 'stream') return output.text;
  return output.output_type === 'error' ? output.evalue : '';
};

export const checksOf = ({ cells }: Notebook): Check[] =>
  cells.flatMap((cell, index) => {
    const lines = isTodo(cell) ? cell.outputs.flatMap(output => textOf(output).split('\n')) : [];
    return lines.flatMap(line => {
      const [, mark, claim, figures = ''] = LINE.exec(line) ?? [];
      return claim === undefined ? [] : [{ index, holds: mark === '✓', claim, figures }];
    });
  });

/** A row for each check of all notebooks, those that failed first. */
export const checkTable = (runs: readonly NotebookRun[], notebooks: readonly NotebookHtml[]): string => {
  const all = runs.flatMap(({ notebook }, i) => checksOf(notebook).map(check => ({ ...check, id: notebooks[i]!.id })));
  if (all.length === 0) return '';
  const failed = all.filter(({ holds }) => !holds);
  const rows = [...failed, ...all.filter(({ holds }) => holds)].map(({ id, index, holds, claim, figures }) => {
    const cells = [
      `<span class="status ${holds ? 'ok' : 'failed'}">${holds ? '✓' : '✗'}</span>`,
      `<a href="#${id}-cell-${cellNumber({ index })}">${escapeHtml(claim)}</a>`,
      escapeHtml(figures),
    ];
    return `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const count = `${all.length} checks${failed.length > 0 ? `, ${failed.length} failed` : ''}`;
  const head = ['', 'check', 'figures'].map(name => `<th>${name}</th>`).join('');
  return `<details${failed.length > 0 ? ' open' : ''}><summary>${count}</summary><div class="wide"><table class="checks"><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></details>`;
};
