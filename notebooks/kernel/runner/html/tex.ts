import katex from 'katex';
import type { MarkdownIt, StateBlock, StateInline } from 'markdown-it';
import { escapeHtml } from './escape.js';

/** Typesets TeX; what KaTeX refuses is shown as source and reported. Nothing is set larger than a page. */
export type Typeset = (tex: string, display: boolean) => string;

export const typesetter =
  (complain: (problem: string) => void): Typeset =>
  (tex, displayMode) => {
    try {
      return katex.renderToString(tex, {
        displayMode,
        throwOnError: true,
        strict: 'ignore',
        trust: false,
        maxSize: 50,
      });
    } catch (error) {
      complain(`TeX: ${(error as Error).message}`);
      return `<code class="tex-error" title="${escapeHtml((error as Error).message)}">${escapeHtml(tex)}</code>`;
    }
  };

const DRAWN = '<span class="katex-html"';
/** HTML knows a formula's namespace by itself. */
const NAMESPACE = ' xmlns="http://www.w3.org/1998/Math/MathML"';

/** What KaTeX draws of a formula goes to the store, where the page's script finds it; its MathML stays, and reads alone. */
export const withoutDrawing =
  (typeset: Typeset, put: (drawn: string) => number): Typeset =>
  (tex, display) => {
    const html = typeset(tex, display);
    const at = html.indexOf(DRAWN);
    if (at < 0) return html;
    const end = html.length - (display ? '</span></span>' : '</span>').length;
    const left = html.slice(0, at).replace('<span class="katex"', `$& data-drawn="${put(html.slice(at, end))}"`);
    return left.replace(NAMESPACE, '') + html.slice(end);
  };

/** `$$ … $$` and `\begin{…} … \end{…}` that start a line, up to their end. */
const OPENINGS = [
  { open: /^\$\$/, close: () => /\$\$\s*$/, keep: false },
  {
    open: /^\\begin\{([a-z]+\*?)\}/,
    close: (name: string) => new RegExp(`\\\\end\\{${name.replace('*', '\\*')}\\}\\s*$`),
    keep: true,
  },
] as const;

const block = (state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean => {
  const lineAt = (n: number) => state.src.slice(state.bMarks[n]! + state.tShift[n]!, state.eMarks[n]);
  const first = lineAt(startLine);
  const kind = OPENINGS.find(({ open }) => open.test(first));
  if (kind === undefined) return false;
  const close = kind.close(kind.open.exec(first)?.[1] ?? '');
  const alone = first.replace(/^\$\$/, '');
  let last = startLine;
  while (last < endLine && !close.test(last === startLine && !kind.keep ? alone : lineAt(last))) last++;
  if (last >= endLine) return false;
  if (silent) return true;
  const whole = Array.from({ length: last - startLine + 1 }, (_, i) => lineAt(startLine + i))
    .join('\n')
    .trim();
  const token = state.push('math_block', 'div', 0);
  token.content = kind.keep ? whole : whole.slice(2, -2);
  token.block = true;
  token.map = [startLine, last + 1];
  state.line = last + 1;
  return true;
};

/** As in Jupyter: the opening `$` touches what follows, the closing one what precedes, and no digit comes after it. */
const INLINE = /^(?:\$\$([^$]+?)\$\$|\$(?!\s)((?:\\.|[^$\\])+?)(?<!\s)\$(?!\d))/s;

const inline = (state: StateInline, silent: boolean): boolean => {
  const match = state.src[state.pos] === '$' ? INLINE.exec(state.src.slice(state.pos, state.posMax)) : null;
  if (match === null) return false;
  if (!silent) {
    const token = state.push('math_inline', 'span', 0);
    token.content = match[1] ?? match[2] ?? '';
    token.markup = match[1] === undefined ? '$' : '$$';
  }
  state.pos += match[0].length;
  return true;
};

/** Teaches a Markdown parser the mathematics that notebooks use. */
export const texPlugin = (md: MarkdownIt, typeset: Typeset): void => {
  md.block.ruler.before('fence', 'math_block', block, { alt: ['paragraph', 'reference', 'blockquote', 'list'] });
  md.inline.ruler.before('escape', 'math_inline', inline);
  md.renderer.rules.math_block = (tokens, i) => `<div class="math">${typeset(tokens[i]!.content, true)}</div>\n`;
  md.renderer.rules.math_inline = (tokens, i) => typeset(tokens[i]!.content, tokens[i]!.markup === '$$');
};
