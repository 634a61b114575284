import type { FigureSpec, Layout, Trace } from './types.js';

/** Okabe and Ito's colours: distinct under the common kinds of colour blindness; the order puts contrast first. */
export const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#5b5b5b'] as const;

/** Dark text, for titles and labels. */
export const ink = '#24292f';
/** Grey for things that should stay behind the data: exact curves, references, annotations. */
export const muted = '#6e7781';

const bar = { outlinewidth: 0, thickness: 12, ticklen: 4, tickcolor: '#afb8c1', title: { side: 'right' } };
const rule = '#e7e9ec';
/** Light to dark, perceptually even, and readable in grey. */
export const sequential = 'Viridis';
/** Blue through white to vermilion, for signed values. */
export const diverging: readonly (readonly [number, string])[] = [
  [0, '#0a4c7d'],
  [0.25, '#6aa7d0'],
  [0.5, '#f7f7f7'],
  [0.75, '#e8935a'],
  [1, '#a63f00'],
];

const axis = {
  automargin: true,
  showgrid: true,
  gridcolor: rule,
  zeroline: false,
  showline: true,
  linecolor: '#afb8c1',
  ticks: 'outside',
  ticklen: 4,
  tickcolor: '#afb8c1',
  exponentformat: 'power',
  minexponent: 4,
  title: { standoff: 10, font: { size: 13 } },
};

/**
 * The look that all figures share. The paper is opaque white, because transparent pictures lose their text in
 * either the light or the dark theme of JupyterLab and GitHub.
 */
const template = {
  layout: {
    colorway: palette,
    font: { family: 'system-ui, Helvetica Neue, Arial, sans-serif', size: 12, color: ink },
    paper_bgcolor: '#ffffff',
    plot_bgcolor: '#ffffff',
    title: {
      x: 0,
      xref: 'paper',
      xanchor: 'left',
      y: 1,
      yref: 'container',
      yanchor: 'top',
      pad: { t: 14 },
      font: { size: 15 },
    },
    margin: { l: 56, r: 24, t: 48, b: 48 },
    xaxis: axis,
    yaxis: axis,
    legend: { bgcolor: 'rgba(255,255,255,0.8)', font: { size: 12 } },
    colorscale: { sequential, diverging },
    hoverlabel: { font: { size: 12 } },
    annotationdefaults: { font: { color: ink, size: 12 }, arrowcolor: muted, arrowwidth: 1, arrowhead: 0 },
    shapedefaults: { line: { color: muted, width: 1.2 } },
  },
  data: {
    heatmap: [{ colorscale: sequential, colorbar: bar }],
    contour: [{ colorscale: sequential, colorbar: bar }],
    bar: [{ marker: { line: { width: 0 } } }],
    histogram: [{ marker: { line: { width: 0 } } }],
  },
};

/** Default size in CSS pixels. */
export const size = { width: 700, height: 420 } as const;

/** Plotly wants titles as objects; a string is what one writes. */
const titled = (value: unknown): unknown => {
  if (value === null || typeof value !== 'object' || Array.isArray(value) || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, v]) => [key, key === 'title' && typeof v === 'string' ? { text: v } : titled(v)]),
  );
};

/** The template with what it says of these kinds of traces: the rest would stand in every notebook for nothing. */
const templateOf = (traces: readonly Trace[]) => {
  const kinds = new Set(traces.map(({ type }) => type));
  return { ...template, data: Object.fromEntries(Object.entries(template.data).filter(([kind]) => kinds.has(kind))) };
};

/** The specification with the project's template and size under it; the caller's members win. */
export const styled = ({ data, layout, frames }: FigureSpec): FigureSpec => ({
  data: data.map(trace => titled(trace) as Trace),
  layout: {
    template: templateOf([data, ...(frames ?? []).map(frame => frame.data ?? [])].flat()),
    ...size,
    ...(titled(layout) as Layout),
  },
  ...(frames && { frames }),
});
