import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { skipWithoutChromium, withPage } from '../support/chromium.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const wasmFolder = dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm'));

/** Trains a small network on the mixture in the page and samples with it and with the exact score. */
const program = `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as sde from './lib/index.js';
setWasmPaths('/');
window.run = async () => {
  await tf.setBackend('wasm');
  await tf.ready();
  const process = sde.vp();
  const rng = sde.philox(0);
  const data = sde.mixture([{ mean: [-1, 0], covariance: 0.04 }, { mean: [1, 0], covariance: 0.04 }]);
  const step = sde.predictor(process, sde.exactScore(data, process), sde.eulerMaruyama());
  const x = sde.last(sde.solve(step, sde.prior(process, [500, 2], rng.fold(1)), sde.uniformTimes(200, 1, 1e-3), rng.fold(2)));
  return {
    backend: tf.getBackend(),
    normals: Array.from(sde.philox(7).normals(8)),
    distance: sde.energyDistance(x, sde.sampleMixture(data, 500, rng.fold(3))),
    control: sde.energyDistance(sde.prior(process, [500, 2], rng.fold(1)), sde.sampleMixture(data, 500, rng.fold(3))),
  };
};
`;

async function withSite<R>(script: string, run: (url: string) => Promise<R>): Promise<R> {
  const server = createServer((request, response) => {
    const name = new URL(request.url ?? '/', 'http://localhost').pathname;
    if (name === '/')
      response.setHeader('content-type', 'text/html').end('<script type="module" src="/main.js"></script>');
    else if (name === '/main.js') response.setHeader('content-type', 'text/javascript').end(script);
    else if (/^\/[\w-]+\.wasm$/.test(name))
      createReadStream(join(wasmFolder, name)).pipe(response.setHeader('content-type', 'application/wasm'));
    else response.writeHead(404).end();
  });
  await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    return await run(`http://127.0.0.1:${port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('lib samples in a browser on WebAssembly, with the random numbers that Node draws', {
  skip: skipWithoutChromium(),
  timeout: 120_000,
}, async () => {
  const bundled = await build({
    stdin: { contents: program, resolveDir: root, loader: 'js' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'silent',
  });
  const found = await withSite(bundled.outputFiles[0]!.text, url =>
    withPage(async page => {
      await page.goto(url);
      await page.waitForFunction('window.run !== undefined');
      return (await page.evaluate('window.run()')) as {
        backend: string;
        normals: number[];
        distance: number;
        control: number;
      };
    }),
  );
  const { philox } = await import('../../lib/rng/rng.js');
  assert.equal(found.backend, 'wasm');
  assert.deepEqual(found.normals, Array.from(philox(7).normals(8)));
  assert.ok(found.distance < 0.02, `energy distance ${found.distance}`);
  assert.ok(found.control > 0.1, `energy distance of noise ${found.control}`);
});
