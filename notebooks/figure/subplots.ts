import { figure } from './figure.js';
import { palette } from './template.js';
import type { Axis, Figure, FigureOptions, FigureSpec, Layout, Mark, Trace } from './types.js';

/** A figure, or its specification, as one panel; its title goes above it. */
export type Panel = FigureSpec;

export interface SubplotOptions extends FigureOptions {
  /** Size of one panel's axes in pixels; default [300, 210], and narrower where the figure would be wider than a page. */
  readonly panel?: readonly [width: number, height: number];
}

/** As wide as the outputs of a notebook in a window of 1,400 pixels, beside the list of files. */
const PAGE = 960;

type Span = readonly [number, number];

/** Pixels around and between the panels: room for tick labels, axis titles, panel titles, colour bars, the legend. */
const SPACE = {
  left: 60,
  right: 20,
  top: 34,
  title: 30,
  bottom: 54,
  across: 76,
  down: 86,
  bar: 84,
  legend: 34,
} as const;

/** Where a panel goes: its axes' suffix ('' for the first, as Plotly names them) and its rectangle. */
interface Place {
  readonly suffix: string;
  readonly x: Span;
  readonly y: Span;
}

const hasBar = ({ type, showscale }: Trace): boolean =>
  (type === 'heatmap' || type === 'contour') && showscale !== false;

/** Which columns have a colour bar. */
const barsIn = (panels: readonly Panel[], columns: number): boolean[] =>
  Array.from({ length: columns }, (_, c) => panels.some(({ data }, k) => k % columns === c && data.some(hasBar)));

const usual = (bars: readonly boolean[]): [number, number] => {
  const between = (bars.length - 1) * SPACE.across + bars.filter(Boolean).length * SPACE.bar;
  const room = PAGE - SPACE.left - SPACE.right - between;
  return [Math.max(100, Math.min(300, Math.floor(room / bars.length))), 210];
};

/** Pixel sizes of the columns and the rows, and the whole plotting area that follows from them. */
const grid = (panels: readonly Panel[], columns: number, size: SubplotOptions['panel']) => {
  const bars = barsIn(panels, columns);
  const [w, h] = size ?? usual(bars);
  const rows = Math.ceil(panels.length / columns);
  const lefts = bars.map((_, c) => c * (w + SPACE.across) + SPACE.bar * bars.slice(0, c).filter(Boolean).length);
  const width = lefts.at(-1)! + w + (bars.at(-1) ? SPACE.bar : 0);
  const height = rows * (h + SPACE.down) - SPACE.down;
  const place = (k: number): Place => {
    const left = lefts[k % columns]!;
    const top = Math.floor(k / columns) * (h + SPACE.down);
    return {
      suffix: k === 0 ? '' : String(k + 1),
      x: [left / width, (left + w) / width],
      y: [(height - top - h) / height, (height - top) / height],
    };
  };
  return { width, height, places: panels.map((_, k) => place(k)) };
};

/** The same name has the same colour and one legend entry in all panels. */
const legends = () => {
  const colours = new Map<string, string>();
  return (trace: Trace, { showlegend }: Layout): Trace => {
    const { name } = trace;
    if (!name || showlegend === false) return { ...trace, showlegend: false };
    const first = !colours.has(name);
    const colour = colours.get(name) ?? palette[colours.size % palette.length]!;
    colours.set(name, colour);
    const marker = { color: colour, ...(trace.marker as object) };
    const line = { color: colour, ...(trace.line as object) };
    const shown = { legendgroup: name, showlegend: first && trace.showlegend !== false };
    return { ...trace, ...(trace.type === 'bar' ? { marker } : hasBar(trace) ? {} : { marker, line }), ...shown };
  };
};

const traceIn = ({ suffix, x, y }: Place, trace: Trace): Trace => {
  const bar = { x: x[1], xanchor: 'left', y: (y[0] + y[1]) / 2, len: y[1] - y[0], lenmode: 'fraction' };
  return {
    ...trace,
    xaxis: `x${suffix}`,
    yaxis: `y${suffix}`,
    ...(hasBar(trace) && { colorbar: { ...(trace.colorbar as object), ...bar } }),
  };
};

const reference = (ref: string | undefined, axis: 'x' | 'y', suffix: string): string =>
  ref === 'paper' ? `${axis}${suffix} domain` : (ref ?? axis).replace(new RegExp(`^${axis}`), `${axis}${suffix}`);

const markIn = ({ suffix }: Place, mark: Mark): Mark => ({
  ...mark,
  xref: reference(mark.xref, 'x', suffix),
  yref: reference(mark.yref, 'y', suffix),
});

const axisIn = ({ suffix }: Place, axis: Axis | undefined, domain: Span, other: 'x' | 'y'): Axis => ({
  ...axis,
  domain,
  anchor: `${other}${suffix}`,
  ...(typeof axis?.scaleanchor === 'string' && { scaleanchor: `${axis.scaleanchor}${suffix}`, constrain: 'domain' }),
});

const heading = ({ x, y }: Place, { title }: Layout): Mark[] => {
  const text = typeof title === 'string' ? title : title?.text;
  if (!text) return [];
  const at = { x: x[0], y: y[1], xref: 'paper', yref: 'paper', xanchor: 'left', yanchor: 'bottom' };
  return [{ ...at, text, yshift: 4, showarrow: false, font: { size: 13 } }];
};

const frame = (width: number, height: number, title: unknown, legend: boolean): Layout => {
  const top = SPACE.top + (title === undefined ? 0 : SPACE.title);
  const bottom = SPACE.bottom + (legend ? SPACE.legend : 0);
  return {
    width: width + SPACE.left + SPACE.right,
    height: height + top + bottom,
    margin: { l: SPACE.left, r: SPACE.right, t: top, b: bottom },
    legend: { orientation: 'h', x: 0, xanchor: 'left', y: -SPACE.bottom / height, yanchor: 'top' },
    bargap: 0,
  };
};

/** Figures side by side, `columns` a row. Curves with the same name share one legend entry and toggle together. */
export const subplots = (
  panels: readonly Panel[],
  columns: number,
  layout: Layout = {},
  { panel, ...options }: SubplotOptions = {},
): Figure => {
  if (panels.length === 0 || !(columns >= 1)) throw new Error(`${panels.length} panels in ${columns} columns`);
  const { width, height, places } = grid(panels, Math.min(columns, panels.length), panel);
  const named = legends();
  const data = panels.flatMap((p, k) => p.data.map(trace => traceIn(places[k]!, named(trace, p.layout))));
  const axes = panels.flatMap(({ layout: own }, k) => {
    const at = places[k]!;
    return [
      [`xaxis${at.suffix}`, axisIn(at, own.xaxis, at.x, 'y')],
      [`yaxis${at.suffix}`, axisIn(at, own.yaxis, at.y, 'x')],
    ];
  });
  const marks = (key: 'shapes' | 'annotations') =>
    panels.flatMap((p, k) => (p.layout[key] ?? []).map(mark => markIn(places[k]!, mark)));
  const headings = panels.flatMap((p, k) => heading(places[k]!, p.layout));
  const whole: Layout = {
    ...frame(
      width,
      height,
      layout.title,
      data.some(trace => trace.showlegend === true),
    ),
    ...Object.fromEntries(axes),
    shapes: marks('shapes'),
    annotations: [...headings, ...marks('annotations')],
    ...layout,
  };
  return figure(data, whole, options);
};
