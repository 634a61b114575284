import { compact } from './compact.js';
import { packTrace } from './pack.js';
import { createRenderer } from './render.js';
import { styled } from './template.js';
import {
  DISPLAY,
  type Figure,
  type FigureOptions,
  type FigureSpec,
  type Layout,
  type MimeBundle,
  type Trace,
} from './types.js';

/** Plotly keeps its measured texts and fonts: one renderer serves a process. */
const renderer = createRenderer();

const titleOf = ({ title }: Layout): string => (typeof title === 'string' ? title : (title?.text ?? ''));

const summary = ({ data, layout, frames }: FigureSpec): string => {
  const title = titleOf(layout).replace(/<[^>]*>/g, '');
  const parts = [`${data.length} trace${data.length === 1 ? '' : 's'}`];
  if (frames) parts.push(`${frames.length} frames`);
  return `Figure${title ? ` “${title}”` : ''}: ${parts.join(', ')}`;
};

const packed = (spec: FigureSpec): FigureSpec => ({
  ...spec,
  data: spec.data.map(packTrace),
  ...(spec.frames && {
    frames: spec.frames.map(frame => (frame.data ? { ...frame, data: frame.data.map(packTrace) } : frame)),
  }),
});

/**
 * A figure from Plotly traces and layout, in the project's style. Evaluated as a cell's last expression, or given
 * to `show`, it becomes one output with a PNG (for GitHub, diffs and fresh clones) and the interactive figure.
 * @throws Error when drawing a figure whose width or height is below 10 px.
 */
export const figure = (data: readonly Trace[], layout: Layout = {}, options: FigureOptions = {}): Figure => {
  const { frames, scale = 2, digits = 5 } = options;
  const rounded = compact(styled({ data, layout, ...(frames && { frames }) }), digits) as FigureSpec;
  const spec = packed(rounded);
  const { width, height } = spec.layout;
  const png = () => renderer.png(spec, scale);
  return {
    ...spec,
    svg: () => renderer.svg(spec),
    png,
    metadata: { 'image/png': { width, height } },
    async [DISPLAY](): Promise<MimeBundle> {
      return {
        'text/plain': summary(spec),
        // One pixel for one: Plotly's extension of JupyterLab shows it so, whatever the metadata say.
        'image/png': Buffer.from(await renderer.png(spec, 1)).toString('base64'),
        'application/vnd.plotly.v1+json': spec,
      };
    },
  };
};
