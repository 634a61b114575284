import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

test('the only import of lib is @tensorflow/tfjs-core', () => {
  const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith('.ts'),
  );
  assert.ok(files.length > 20);
  for (const name of files) {
    const source = readFileSync(join(root, 'lib', name), 'utf8');
    for (const [, specifier = ''] of source.matchAll(/^(?:import|export)[^;]*?from '([^']+)'/gm)) {
      assert.ok(
        specifier === '@tensorflow/tfjs-core' || /^\.{1,2}\/.*\.js$/.test(specifier),
        `${name} imports ${specifier}`,
      );
    }
    assert.doesNotMatch(source, /\bimport\(|\brequire\(|from 'node:|\bprocess\.(env|argv)|\bBuffer\b/, name);
  }
});

/** What a newcomer would write first: eight lines, one sampler, a figure that can be wrong. */
const main = `
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { eulerMaruyama, exactScore, gaussian, last, predictor, philox, prior, solve, uniformTimes, vp } from './lib/index.js';
const process = vp();
const score = exactScore(gaussian([2], 0.25), process);
const rng = philox(0);
const step = predictor(process, score, eulerMaruyama());
const x = last(solve(step, prior(process, [2000, 1], rng), uniformTimes(200, 1, 1e-3), rng));
const { mean, variance } = tf.moments(x);
console.log(JSON.stringify([mean.dataSync()[0], variance.dataSync()[0]]));
`;

/** A folder with nothing but lib, tfjs-core, a backend and the settings of a newcomer's project. */
function bareProject(type: 'module' | 'commonjs', compilerOptions: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'copy-'));
  cpSync(join(root, 'lib'), join(folder, 'lib'), { recursive: true });
  mkdirSync(join(folder, 'node_modules', '@tensorflow'), { recursive: true });
  for (const name of ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu', 'seedrandom', 'long', '@webgpu/types']) {
    const target = join(folder, 'node_modules', name);
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(realpathSync(join(root, 'node_modules', name)), target);
  }
  const common = {
    strict: true,
    target: 'ES2022',
    lib: ['ES2023', 'DOM'],
    types: [],
    skipLibCheck: true,
    outDir: 'out',
    rootDir: '.',
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type }));
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions: { ...common, ...compilerOptions }, include: ['main.ts'] }),
  );
  writeFileSync(join(folder, 'main.ts'), main);
  return folder;
}

function compileAndRun(folder: string): [number, number] {
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(tsc.status, 0, tsc.stdout);
  const run = spawnSync(process.execPath, ['out/main.js'], { cwd: folder, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as [number, number];
}

for (const [name, type, options] of [
  ['ESM under NodeNext', 'module', { module: 'NodeNext' }],
  ['CommonJS under NodeNext', 'commonjs', { module: 'NodeNext' }],
  ['ESM under bundler resolution', 'module', { module: 'ESNext', moduleResolution: 'bundler' }],
] as const) {
  test(`copied into a bare project, lib compiles and samples: ${name}`, () => {
    const folder = bareProject(type, options);
    try {
      const [mean, variance] = compileAndRun(folder);
      assert.ok(Math.abs(mean - 2) < 4 * Math.sqrt(0.25 / 2000) + 0.01, `mean ${mean}`); // 4 standard errors and the step's bias
      assert.ok(Math.abs(variance - 0.25) < 4 * 0.25 * Math.sqrt(2 / 2000) + 0.01, `variance ${variance}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
