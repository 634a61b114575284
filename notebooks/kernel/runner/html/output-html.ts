import type { MimeBundle, Output } from '../record/nbformat.js';
import { ansiHtml } from './ansi.js';
import { escapeHtml } from './escape.js';
import { frameHtml } from './frame.js';
import type { MarkdownContext, RenderMarkdown } from './markdown.js';
import type { Typeset } from './tex.js';

export interface OutputRenderers {
  readonly markdown: RenderMarkdown;
  readonly typeset: Typeset;
  /** Keeps what a figure is drawn from, where scripts run: its number. Otherwise a figure is its picture. */
  readonly figure?: (figure: unknown) => number;
}

const text = (body: unknown): string => (Array.isArray(body) ? body.join('') : String(body));

type Size = { readonly width?: unknown; readonly height?: unknown };

const dimensions = ({ width, height }: Size): string =>
  (typeof width === 'number' ? ` width="${width}"` : '') + (typeof height === 'number' ? ` height="${height}"` : '');

const image = (mime: string, body: unknown, size: Size, alt: string): string =>
  `<img alt="${escapeHtml(alt)}" src="data:${mime};base64,${text(body).replace(/[^\w+/=]/g, '')}"${dimensions(size)}>`;

const PLOTLY = 'application/vnd.plotly.v1+json';

/** The picture, and beside it the interactive figure that replaces it where scripts run. */
const plot = (data: MimeBundle, size: Size, number: number): string => {
  const still =
    data['image/png'] === undefined
      ? ''
      : image('image/png', data['image/png'], size, text(data['text/plain'] ?? 'figure'));
  return `<figure class="plot" data-figure="${number}">${still}</figure>`;
};

const bundle = (
  data: MimeBundle,
  metadata: MimeBundle,
  { markdown, typeset, figure }: OutputRenderers,
  context: MarkdownContext,
): string => {
  const size = (mime: string) => (metadata[mime] ?? {}) as Size;
  if (data[PLOTLY] !== undefined && figure) return plot(data, size('image/png'), figure(data[PLOTLY]));
  if (data['text/html'] !== undefined) return frameHtml(text(data['text/html']));
  const svg = data['image/svg+xml'];
  if (svg !== undefined)
    return image('image/svg+xml', Buffer.from(text(svg)).toString('base64'), size('image/svg+xml'), 'figure');
  const picture = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'].find(mime => data[mime] !== undefined);
  if (picture) return image(picture, data[picture], size(picture), text(data['text/plain'] ?? 'figure'));
  if (data['text/markdown'] !== undefined) return markdown(text(data['text/markdown']), context).html;
  if (data['text/latex'] !== undefined) return typeset(text(data['text/latex']).replace(/^\$+|\$+$/g, ''), true);
  if (data['text/plain'] !== undefined) return `<pre>${ansiHtml(text(data['text/plain']))}</pre>`;
  return `<pre>${escapeHtml(Object.keys(data).join(', '))}</pre>`;
};

/** One output as HTML: of a bundle, the richest representation that a page can hold. */
export const outputHtml = (output: Output, renderers: OutputRenderers, context: MarkdownContext): string => {
  if (output.output_type === 'stream') return `<pre class="${output.name}">${ansiHtml(output.text)}</pre>`;
  if (output.output_type === 'error') {
    const { ename, evalue, traceback } = output;
    return `<pre class="error">${ansiHtml(traceback.join('\n') || `${ename}: ${evalue}`)}</pre>`;
  }
  return bundle(output.data, output.metadata, renderers, context);
};
