import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeAtomic } from '../../../files/atomic.js';

/** The bundles of plotly.js: all of it, and the third of it that draws what papers mostly hold. */
export const BUNDLES = { whole: 'plotly.js-dist/plotly.js', cartesian: 'plotly.js-cartesian-dist-min' } as const;
export type Bundle = keyof typeof BUNDLES;

const CARTESIAN: readonly unknown[] = [
  undefined, // scatter
  ...['bar', 'box', 'contour', 'heatmap', 'histogram', 'histogram2d', 'histogram2dcontour', 'image', 'pie', 'scatter'],
  ...['scatterternary', 'violin'],
];

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const member = (value: unknown, name: string): unknown => (value as Record<string, unknown> | null | undefined)?.[name];

/** The smallest bundle that draws all these figures, those of their frames included. */
export const bundleFor = (figures: readonly unknown[]): Bundle => {
  const data = figures
    .flatMap(each => [each, ...list(member(each, 'frames'))])
    .flatMap(each => list(member(each, 'data')));
  return data.every(trace => CARTESIAN.includes(member(trace, 'type'))) ? 'cartesian' : 'whole';
};

/** Minified where esbuild is at hand, which saves a fifth; gzip does the rest. */
const minified = async (source: string): Promise<string> => {
  try {
    const { transform } = await import('esbuild');
    const { code } = await transform(source, { minify: true, legalComments: 'inline', target: 'es2020' });
    return code;
  } catch {
    return source;
  }
};

/** A bundle as gzip in base64. Packing takes seconds: a package has it packed, the repository keeps it in its cache. */
export const packedPlotly = async (home: string, bundle: Bundle): Promise<string> => {
  const shipped = new URL(`plotly-${bundle}.js.gz.b64`, import.meta.url);
  if (existsSync(shipped)) return readFile(shipped, 'utf8');
  const file = createRequire(join(home, 'package.json')).resolve(BUNDLES[bundle]);
  const source = await readFile(file, 'utf8');
  const version = createHash('sha256').update(source).digest('hex').slice(0, 12);
  const cached = join(home, '.cache', `plotly-${version}.js.gz.b64`);
  if (existsSync(cached)) return readFile(cached, 'utf8');
  const packed = gzipSync(bundle === 'whole' ? await minified(source) : source, { level: 9 }).toString('base64');
  writeAtomic(cached, packed);
  return packed;
};
