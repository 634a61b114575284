import type { NdArray } from 'ndarray';
import { figure } from './figure.js';
import { encodeRgb } from './png.js';
import type { Figure, FigureOptions, Layout } from './types.js';

export interface ImageGridOptions extends FigureOptions {
  /** The values shown as black and as white; default [0, 1]. Values outside are clipped. */
  readonly range?: readonly [number, number];
  /** Pixels of space between images; default 2. */
  readonly gap?: number;
  /** Screen pixels per image pixel; by default the grid is about 700 wide, at most 8 a pixel. */
  readonly zoom?: number;
  /** A label under each column, such as the time or the class. */
  readonly columnLabels?: readonly string[];
}

/** Images as one batch [N, height, width] or [N, height, width, 1 or 3], or as a list of single ones. */
export type Images = NdArray | readonly NdArray[];

/** One image behind a common face: a pixel's three channels as bytes. */
interface Tile {
  readonly height: number;
  readonly width: number;
  channel(y: number, x: number, c: number): number;
}

const tile = (image: NdArray, [low, high]: readonly [number, number]): Tile => {
  const [height = 0, width = 0, channels = 1] = image.shape;
  const flat = image.shape.length === 2;
  if (!(flat || (image.shape.length === 3 && (channels === 1 || channels === 3)))) {
    throw new Error(`image of shape [${image.shape}]; give [height, width] or [height, width, 1 or 3]`);
  }
  const byte = (v: number) => Math.round((255 * (Math.min(Math.max(v, low), high) - low)) / (high - low));
  const read = flat
    ? (y: number, x: number) => image.get(y, x)
    : (y: number, x: number, c: number) => image.get(y, x, channels === 1 ? 0 : c);
  return { height, width, channel: (y, x, c) => byte(Number(read(y, x, c))) };
};

const isList = (images: Images): images is readonly NdArray[] => Array.isArray(images);

const tiles = (images: Images, range: readonly [number, number]): Tile[] => {
  if (isList(images)) return images.map(image => tile(image, range));
  if (images.dimension < 3) throw new Error(`images of shape [${images.shape}]; give [N, height, width] or more`);
  return Array.from({ length: images.shape[0] ?? 0 }, (_, n) => tile(images.pick(n), range));
};

/** All tiles on one white sheet. */
const sheet = (all: readonly Tile[], columns: number, gap: number) => {
  const [cellH, cellW] = [Math.max(...all.map(t => t.height)), Math.max(...all.map(t => t.width))];
  const rows = Math.ceil(all.length / columns);
  const [height, width] = [rows * (cellH + gap) - gap, columns * (cellW + gap) - gap];
  const rgb = new Uint8Array(height * width * 3).fill(255);
  all.forEach((t, n) => {
    const [top, left] = [Math.floor(n / columns) * (cellH + gap), (n % columns) * (cellW + gap)];
    for (let y = 0; y < t.height; y++) {
      for (let x = 0; x < t.width; x++) {
        for (let c = 0; c < 3; c++) rgb[3 * ((top + y) * width + left + x) + c] = t.channel(y, x, c);
      }
    }
  });
  return { rgb, height, width, pitch: cellW + gap, cell: cellW };
};

const hidden = { visible: false, showgrid: false, automargin: false } as const;

const labels = (texts: readonly string[], pitch: number, cell: number) =>
  texts.map((text, i) => ({
    text,
    x: i * pitch + (cell - 1) / 2,
    y: 0,
    yref: 'paper',
    yanchor: 'top',
    showarrow: false,
    font: { size: 11 },
  }));

/** Images side by side, row after row: one picture, whatever their number. */
export const imageGrid = (
  images: Images,
  columns: number,
  layout: Layout = {},
  options: ImageGridOptions = {},
): Figure => {
  const { range = [0, 1], gap = 2, zoom, columnLabels = [], ...rest } = options;
  const all = tiles(images, range);
  if (all.length === 0 || !(columns >= 1))
    throw new Error(`${all.length} images in ${columns} columns: nothing to show`);
  const { rgb, height, width, pitch, cell } = sheet(all, Math.min(columns, all.length), gap);
  const scale = zoom ?? Math.min(8, 680 / width);
  const margin = { l: 8, r: 8, t: layout.title === undefined ? 8 : 44, b: columnLabels.length > 0 ? 26 : 8 };
  const source = `data:image/png;base64,${Buffer.from(encodeRgb(rgb, width, height)).toString('base64')}`;
  return figure(
    [{ type: 'image', source, hoverinfo: 'skip' }],
    {
      width: Math.round(width * scale) + margin.l + margin.r,
      height: Math.round(height * scale) + margin.t + margin.b,
      margin,
      xaxis: { ...hidden, range: [-0.5, width - 0.5], constrain: 'domain' },
      yaxis: { ...hidden, range: [height - 0.5, -0.5], scaleanchor: 'x', constrain: 'domain' },
      annotations: labels(columnLabels, pitch, cell),
      ...layout,
    },
    rest,
  );
};
