import { type Cell, isCode } from '../record/nbformat.js';
import { escapeHtml } from './escape.js';
import { katexCss } from './fonts.js';
import { markdownRenderer } from './markdown.js';
import { outputHtml } from './output-html.js';
import { contentPolicy } from './policy.js';
import { typesetter } from './tex.js';

/** How a cell of one notebook differs from that of another. */
export interface CellChange {
  /** Its number in the second notebook, or in the first where it is gone; from 1. */
  readonly number: number;
  readonly before?: Cell;
  readonly after?: Cell;
  /** The lines of both, `-` before, `+` after; empty where the text is the same. */
  readonly lines: readonly string[];
  /** How the outputs differ, in one line. */
  readonly outputs?: string;
}

export interface DiffPage {
  readonly names: readonly [string, string];
  readonly changes: readonly CellChange[];
  readonly css: string;
  readonly home: string;
}

const COLOURS: Readonly<Record<string, string>> = { '+': 'a-2', '-': 'a-1' };

const line = (text: string): string => `<span class="${COLOURS[text[0]!] ?? ''}">${escapeHtml(text)}</span>`;

/** What differs between two notebooks, outputs side by side: one page that loads nothing and runs nothing. */
export const diffPage = ({ names, changes, css, home }: DiffPage): string => {
  const typeset = typesetter(() => undefined);
  const renderers = { typeset, markdown: markdownRenderer(typeset) };
  const outputs = (cell: Cell | undefined): string =>
    cell && isCode(cell)
      ? cell.outputs.map(each => outputHtml(each, renderers, { prefix: cell.id, link: () => undefined })).join('')
      : '';
  const body = changes.map(({ number, before, after, lines, outputs: how }) => {
    const kind = before === undefined ? ', new' : after === undefined ? ', gone' : '';
    const source = lines.length > 0 ? `<div class="source"><pre>${lines.map(line).join('\n')}</pre></div>` : '';
    const sides = `<div class="sides"><div class="outputs">${outputs(before)}</div><div class="outputs">${outputs(after)}</div></div>`;
    const why = how ? `<div class="reason">${escapeHtml(how)}</div>` : '';
    return `<section class="cell"><h2>Cell ${number}${kind}</h2>${source}${why}${how || kind ? sides : ''}</section>`;
  });
  const shown = body.join('\n');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy('')}">
<meta name="color-scheme" content="light dark">
<title>Notebooks compared</title>
<style>
${css}${katexCss(home, shown)}
body { display: block; } main { max-width: 90rem; } .sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; } .sides > * { min-width: 0; }
</style>
</head>
<body>
<main>
<h1>${names.map(escapeHtml).join(' → ')}</h1>
<p class="lead">${changes.length === 0 ? 'No difference' : `${changes.length} cell${changes.length > 1 ? 's' : ''} differ${changes.length > 1 ? '' : 's'}`}</p>
${shown}
</main>
</body>
</html>
`;
};
