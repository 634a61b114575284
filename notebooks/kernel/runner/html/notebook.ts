import { cellNumber, duration, excerpt, nameOf, parametersOf } from '../record/describe.js';
import { type Cell, isCode, isSkipped } from '../record/nbformat.js';
import type { CellRun, NotebookRun } from '../record/result-types.js';
import { escapeHtml, slug } from './escape.js';
import type { Heading, MarkdownContext } from './markdown.js';
import { type OutputRenderers, outputHtml } from './output-html.js';

export interface NotebookHtml {
  readonly id: string;
  /** As HTML: it may hold mathematics. */
  readonly title: string;
  readonly html: string;
  readonly headings: readonly Heading[];
}

/** A sign that is part of a parameter's value tells two runs apart. */
export const idOf = (file: string): string => slug(nameOf(file).replaceAll('=-', '=minus-'));

const reason = (run: CellRun | undefined, source: string): string => {
  if (run === undefined || run.status === 'ok') return '';
  const place = run.line ? `<pre class="excerpt">${escapeHtml(excerpt(source, run.line).join('\n'))}</pre>` : '';
  return `<div class="reason"><strong>${escapeHtml(run.reason ?? run.status)}</strong>${place}</div>`;
};

const badge = (run: CellRun | undefined, cell: Cell): string => {
  const time = run && duration(run.milliseconds);
  return `<span class="time">${time ?? (isSkipped(cell) ? 'skipped by its tag' : 'not run')}</span>`;
};

const code = (cell: Cell, index: number, run: CellRun | undefined, id: string, rendered: readonly string[]): string => {
  const empty = cell.source.trim() === '';
  const number = cellNumber({ index });
  return [
    `<section class="cell code ${run?.status ?? 'skipped'}" id="${id}-cell-${number}">`,
    empty
      ? ''
      : `<div class="source"><a class="number" href="#${id}-cell-${number}">${number}</a><pre><code>${escapeHtml(cell.source)}</code></pre>${badge(run, cell)}</div>`,
    reason(run, cell.source),
    rendered.length === 0 ? '' : `<div class="outputs">${rendered.join('\n')}</div>`,
    '</section>',
  ].join('\n');
};

/** One executed notebook as an article of the page. */
export const notebookHtml = (
  run: NotebookRun,
  renderers: OutputRenderers,
  link: MarkdownContext['link'],
): NotebookHtml => {
  const id = idOf(run.file);
  const headings: Heading[] = [];
  const cells = run.notebook.cells.map((cell, index) => {
    const context: MarkdownContext = { prefix: id, link };
    if (isCode(cell)) {
      const ran = run.cells.find(each => each.index === index);
      return code(
        cell,
        index,
        ran,
        id,
        cell.outputs.map(output => outputHtml(output, renderers, context)),
      );
    }
    if (cell.cell_type === 'raw') return '';
    const rendered = renderers.markdown(cell.source, { ...context, attachments: cell.attachments });
    headings.push(...rendered.headings);
    return `<section class="cell text">${rendered.html}</section>`;
  });
  const whole = run.reason ? `<div class="reason"><strong>${escapeHtml(run.reason)}</strong></div>` : '';
  const lost = (run.lost ?? []).map(
    why => `<p class="lost">An earlier attempt lost its kernel: ${escapeHtml(why)}</p>`,
  );
  const given = parametersOf(run);
  const parameters = given && `<p class="parameters">with ${escapeHtml(given)}</p>`;
  const html = `<article id="${id}" class="${run.status}">${parameters}${lost.join('')}${whole}${cells.join('\n')}</article>`;
  const title = headings.find(heading => heading.level === 1)?.html ?? escapeHtml(nameOf(run.file));
  return { id, title, html, headings };
};
