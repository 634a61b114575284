import type { NdArray } from 'ndarray';
import { figure } from './figure.js';
import { diverging, palette } from './template.js';
import type { Figure, FigureOptions, Layout, Trace } from './types.js';

/** A curve: its values over a shared or its own abscissa. */
export interface Curve {
  readonly name: string;
  readonly y: ArrayLike<number>;
  readonly x?: ArrayLike<number>;
  /** Plotly's members, such as line or mode, for this curve alone. */
  readonly style?: Trace;
}

/** Curves over x. */
export const lines = (
  x: ArrayLike<number>,
  curves: readonly Curve[],
  layout: Layout = {},
  options?: FigureOptions,
): Figure =>
  figure(
    curves.map(({ name, y, x: own, style }) => ({ type: 'scatter', mode: 'lines', name, x: own ?? x, y, ...style })),
    { showlegend: curves.length > 1, ...layout },
    options,
  );

/** A cloud of points: points is [N, 2]. */
export interface Cloud {
  readonly name: string;
  readonly points: NdArray;
  readonly style?: Trace;
}

const column = (grid: NdArray, j: number): Float64Array =>
  Float64Array.from({ length: grid.shape[0] ?? 0 }, (_, i) => Number(grid.get(i, j)));

/** Clouds of points in the plane, with equal scales on both axes. @throws Error unless points are [N, 2]. */
export const scatter2d = (clouds: readonly Cloud[], layout: Layout = {}, options?: FigureOptions): Figure => {
  const traces = clouds.map(({ name, points, style }): Trace => {
    if (points.shape[1] !== 2) throw new Error(`cloud “${name}” has shape [${points.shape}]; give [N, 2]`);
    const marker = { size: 4, opacity: 0.6 };
    return { type: 'scatter', mode: 'markers', name, x: column(points, 0), y: column(points, 1), marker, ...style };
  });
  return figure(
    traces,
    { showlegend: clouds.length > 1, width: 520, height: 440, ...layout, yaxis: { scaleanchor: 'x', ...layout.yaxis } },
    options,
  );
};

/** Equal-width histogram of samples, normalised to a density over all samples, also those outside the range. */
export const histogram = (
  samples: ArrayLike<number>,
  bins: number,
  [low, high]: readonly [number, number],
): { centres: Float64Array; density: Float64Array; width: number } => {
  if (!(bins >= 1 && high > low))
    throw new Error(`${bins} bins on [${low}, ${high}]: give at least one bin and low < high`);
  const width = (high - low) / bins;
  const density = new Float64Array(bins);
  for (let i = 0; i < samples.length; i++) {
    const v = samples[i]!;
    const bin = v === high ? bins - 1 : Math.floor((v - low) / width);
    if (bin >= 0 && bin < bins) density[bin] = density[bin]! + 1 / (samples.length * width);
  }
  return { centres: Float64Array.from(density, (_, i) => low + (i + 0.5) * width), density, width };
};

const extent = (samples: ArrayLike<number>): [number, number] => {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < samples.length; i++) {
    low = Math.min(low, samples[i]!);
    high = Math.max(high, samples[i]!);
  }
  return low < high ? [low, high] : [low - 0.5, low + 0.5];
};

/** A histogram of samples with the density that they should follow drawn over it. */
export const histogramWithDensity = (
  samples: ArrayLike<number>,
  density: (x: number) => number,
  layout: Layout = {},
  { bins = 60, range = extent(samples), ...options }: FigureOptions & { bins?: number; range?: [number, number] } = {},
): Figure => {
  const h = histogram(samples, bins, range);
  const x = Float64Array.from({ length: 241 }, (_, i) => range[0] + (i * (range[1] - range[0])) / 240);
  const marker = { color: palette[5], opacity: 0.65 };
  return figure(
    [
      { type: 'bar', name: 'samples', x: h.centres, y: h.density, width: h.width, marker },
      { type: 'scatter', mode: 'lines', name: 'density', x, y: x.map(density), line: { color: palette[1] } },
    ],
    { bargap: 0, ...layout },
    options,
  );
};

/** The rows of a [rows, columns] grid. */
export const rows = (grid: NdArray): Float64Array[] => {
  const [height = 0, width = 0] = grid.shape;
  return Array.from({ length: height }, (_, i) =>
    Float64Array.from({ length: width }, (_, j) => Number(grid.get(i, j))),
  );
};

export interface HeatmapOptions extends FigureOptions {
  /** Coordinates of the columns' and rows' centres. */
  readonly x?: ArrayLike<number>;
  readonly y?: ArrayLike<number>;
  /** Signed values: colours run both ways from white at zero. */
  readonly signed?: boolean;
  /** Title of the colour bar. */
  readonly label?: string;
}

/** A [rows, columns] grid as colours; row 0 is at the bottom, as y grows upwards. */
export const heatmap = (grid: NdArray, layout: Layout = {}, options: HeatmapOptions = {}): Figure => {
  if (grid.dimension !== 2) throw new Error(`heatmap of an array of shape [${grid.shape}]; give [rows, columns]`);
  const { x, y, signed = false, label, ...rest } = options;
  const trace: Trace = {
    type: 'heatmap',
    z: rows(grid),
    ...(x && { x }),
    ...(y && { y }),
    ...(signed && { colorscale: diverging, zmid: 0 }),
    ...(label && { colorbar: { title: { text: label } } }),
  };
  return figure([trace], { width: 520, height: 420, ...layout }, rest);
};
