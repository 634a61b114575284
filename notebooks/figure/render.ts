import type { Plotly } from './plotly.js';
import type { FigureSpec, Frame, Layout, Trace } from './types.js';

/** Draws specifications; loading it costs about a second, a drawing about a tenth. */
export interface Renderer {
  svg(spec: FigureSpec): Promise<string>;
  png(spec: FigureSpec, scale: number): Promise<Uint8Array>;
}

const sizeOf = ({ width, height }: Layout): { width: number; height: number } => {
  if (!(Number(width) >= 10 && Number(height) >= 10)) {
    throw new Error(`figure size ${width}×${height}: give layout.width and layout.height of 10 px or more`);
  }
  return { width: Number(width), height: Number(height) };
};

/** Traces that only WebGL draws, and what draws the same without it. */
const withoutWebgl = (trace: Trace): Trace => {
  const { type = 'scatter' } = trace;
  if (type === 'scattergl') return { ...trace, type: 'scatter' };
  if (/gl$|3d$|^(?:surface|mesh|cone|streamtube|isosurface|volume|splom|parcoords|.*map.*box)/.test(type)) {
    throw new Error(`trace type ${type} needs WebGL, which Node has not: use a flat trace such as heatmap or contour`);
  }
  return trace;
};

/** What a still picture shows of an animation: its first frame, without controls that cannot be pressed. */
export const still = ({ data, layout, frames }: FigureSpec): FigureSpec => {
  if (frames === undefined || frames.length === 0) return { data: data.map(withoutWebgl), layout };
  const first: Frame = frames[0]!;
  const traces = data.map((trace, i) => withoutWebgl({ ...trace, ...first.data?.[i] }));
  return { data: traces, layout: { ...layout, ...first.layout, sliders: [], updatemenus: [] } };
};

const raster = async (svg: string, scale: number): Promise<Uint8Array> => {
  const [{ Resvg }, { encodePng }, { quantise }, fonts] = await Promise.all([
    import('@resvg/resvg-js'),
    import('./png.js'),
    import('./palette.js'),
    import('./fonts.js'),
  ]);
  const family = fonts.fontFamily;
  const image = new Resvg(svg, {
    background: '#ffffff',
    fitTo: { mode: 'zoom', value: scale },
    imageRendering: 1,
    font: {
      loadSystemFonts: false,
      fontFiles: fonts.fontFiles(),
      defaultFontFamily: family,
      sansSerifFamily: family,
      serifFamily: family,
      monospaceFamily: family,
    },
  }).render();
  return encodePng(quantise(image.pixels), image.width, image.height);
};

const load = async (): Promise<Plotly> => {
  const [{ drawingWindow }, { loadPlotly }] = await Promise.all([import('./dom.js'), import('./plotly.js')]);
  return loadPlotly(drawingWindow());
};

/** A renderer whose window and Plotly are made at the first drawing and kept. */
export const createRenderer = (): Renderer => {
  let plotly: Promise<Plotly> | undefined;
  const svg = async (spec: FigureSpec): Promise<string> => {
    const { data, layout } = still(spec);
    plotly ??= load();
    const copy = structuredClone({ data, layout });
    return (await plotly).toImage(copy, { format: 'svg', ...sizeOf(layout), imageDataOnly: true });
  };
  return { svg, png: async (spec, scale) => raster(await svg(spec), scale) };
};
