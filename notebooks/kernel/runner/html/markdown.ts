import MarkdownIt, { type MarkdownIt as Parser } from 'markdown-it';
import type { MimeBundle } from '../record/nbformat.js';
import { decoded, escapeHtml, slug } from './escape.js';
import { type Typeset, texPlugin } from './tex.js';

export interface Heading {
  readonly level: number;
  /** As HTML, mathematics included. */
  readonly html: string;
  readonly id: string;
}

export interface MarkdownContext {
  /** Prefix of fragment identifiers: one notebook's headings must not meet another's. */
  readonly prefix: string;
  /** Where a relative link goes, or undefined to leave it. */
  readonly link: (target: string) => string | undefined;
  readonly attachments?: Readonly<Record<string, MimeBundle>> | undefined;
}

export interface Rendered {
  readonly html: string;
  readonly headings: readonly Heading[];
}

export type RenderMarkdown = (source: string, context: MarkdownContext) => Rendered;

const attachment = (src: string, context: MarkdownContext): string | undefined => {
  const name = /^attachment:(.*)$/.exec(src)?.[1];
  const entry = Object.entries(context.attachments?.[decoded(name ?? '')] ?? {})[0];
  return entry && `data:${entry[0]};base64,${String(entry[1])}`;
};

/** The page loads nothing from outside: a picture that it does not hold becomes a link to it. */
const withoutDistantPictures = (md: Parser): void => {
  const image = md.renderer.rules.image!;
  md.renderer.rules.image = (tokens, i, options, env, self) => {
    const token = tokens[i]!;
    const src = String(token.attrGet('src') ?? '');
    if (/^data:image\//.test(src)) return image(tokens, i, options, env, self);
    const words = self.renderInlineAsText(token.children ?? [], options, env) || src;
    return `<a href="${escapeHtml(src)}">${escapeHtml(words)}</a>`;
  };
};

/**
 * Markdown as notebooks write it: CommonMark, tables, TeX, attachments, links between notebooks. Its HTML stays text,
 * for a tag that is left open would swallow the cells behind it; links that run scripts are none.
 */
export const markdownRenderer = (typeset: Typeset): RenderMarkdown => {
  const md = new MarkdownIt({ html: false, linkify: true, typographer: false });
  texPlugin(md, typeset);
  withoutDistantPictures(md);
  return (source, context) => {
    const headings: Heading[] = [];
    const tokens = md.parse(source, {});
    for (const [i, token] of tokens.entries()) {
      const body = tokens[i + 1];
      if (token.type === 'heading_open' && body) {
        const id = `${context.prefix}--${slug(body.content)}`;
        token.attrSet('id', id);
        headings.push({
          level: Number(token.tag.slice(1)),
          id,
          html: md.renderer.renderInline(body.children ?? [], md.options, {}),
        });
      }
      for (const child of token.children ?? []) {
        const [name, to] = child.type === 'image' ? (['src', attachment] as const) : (['href', context.link] as const);
        const target = child.attrGet(name);
        const replaced = target === null ? undefined : to(String(target), context);
        if (replaced !== undefined) child.attrSet(name, replaced);
      }
    }
    return { html: md.renderer.render(tokens, md.options, {}), headings };
  };
};
