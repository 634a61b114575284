import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { writeAtomic } from '../../../files/atomic.js';
import type { EarlierRun } from '../record/earlier.js';
import type { Environment } from '../record/environment.js';
import type { NotebookRun } from '../record/result-types.js';
import { decoded } from './escape.js';
import { katexCss } from './fonts.js';
import { TOKENS } from './highlight.js';
import { markdownRenderer } from './markdown.js';
import { idOf, notebookHtml } from './notebook.js';
import { bundleFor, packedPlotly } from './packed-plotly.js';
import { pageHtml } from './page.js';
import { store } from './store.js';
import { typesetter, withoutDrawing } from './tex.js';

export interface ReportInput {
  readonly runs: readonly NotebookRun[];
  readonly environment: Environment;
  readonly earlier: readonly EarlierRun[];
  readonly output: string;
  readonly home: string;
}

export interface Report {
  readonly file: string;
  /** What could not be shown as written, such as TeX that KaTeX refuses. */
  readonly problems: readonly string[];
}

/** Links from one notebook to another stay inside the page where it holds both. */
const linker =
  (runs: readonly NotebookRun[]) =>
  (target: string): string | undefined => {
    const file = /^(?:\.\/)?([^/:]+\.ipynb)(?:#.*)?$/.exec(target)?.[1];
    const name = file && decoded(file);
    return name && runs.some(run => basename(run.file) === name) ? `#${idOf(name)}` : undefined;
  };

/** A file beside this one, and beside the bundle. */
const asset = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');

export const reportCss = (): string => asset('style.css');

/** Writes index.html, one self-contained page with all notebooks. */
export const writeReport = async ({ runs, environment, earlier, output, home }: ReportInput): Promise<Report> => {
  const problems: string[] = [];
  const { put, texts, packed } = store();
  const typeset = withoutDrawing(
    typesetter(problem => problems.push(problem)),
    put,
  );
  const figures: unknown[] = [];
  const figure = (each: unknown): number => {
    figures.push(each);
    return put(JSON.stringify(each));
  };
  const renderers = { typeset, markdown: markdownRenderer(typeset), figure };
  const notebooks = runs.map(run => notebookHtml(run, renderers, linker(runs)));
  const body = notebooks.map(({ html }) => html).join('');
  const page = pageHtml({
    runs,
    notebooks,
    environment,
    earlier,
    css: reportCss() + katexCss(home, body + texts().join('')),
    script: asset('browser.mjs'),
    store: packed(),
    tokens: TOKENS,
    plotly: figures.length > 0 ? await packedPlotly(home, bundleFor(figures)) : '',
  });
  const file = join(output, 'index.html');
  writeAtomic(file, page);
  return { file, problems };
};
