import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeAtomic } from '../../../files/atomic.js';

/** Minified where esbuild is at hand, which saves a fifth of the report; gzip does the rest. */
const minified = async (source: string): Promise<string> => {
  try {
    const { transform } = await import('esbuild');
    const { code } = await transform(source, { minify: true, legalComments: 'inline', target: 'es2020' });
    return code;
  } catch {
    return source;
  }
};

/** plotly.js as gzip in base64. Packing takes seconds: a package has it packed, the repository keeps it in its cache. */
export const packedPlotly = async (home: string): Promise<string> => {
  const shipped = new URL('plotly.js.gz.b64', import.meta.url);
  if (existsSync(shipped)) return readFile(shipped, 'utf8');
  const file = createRequire(join(home, 'package.json')).resolve('plotly.js-dist/plotly.js');
  const source = await readFile(file, 'utf8');
  const version = createHash('sha256').update(source).digest('hex').slice(0, 12);
  const cached = join(home, '.cache', `plotly-${version}.js.gz.b64`);
  if (existsSync(cached)) return readFile(cached, 'utf8');
  const packed = gzipSync(await minified(source), { level: 9 }).toString('base64');
  writeAtomic(cached, packed);
  return packed;
};
