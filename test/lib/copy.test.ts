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

/** The ten lines of a README. */
const tenLines = (path: string): string =>
  /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, path), 'utf8'))?.[1] ?? assert.fail(`${path} has no code`);

test('both READMEs begin with the same ten lines', () => {
  assert.equal(tenLines('README.md'), tenLines('lib/README.md'));
});

/** What a newcomer would run first, as it stands, and a figure that can be wrong. */
const main = `${tenLines('lib/README.md')}
console.log(JSON.stringify(Array.from(samples.dataSync())));
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

function compileAndRun(folder: string): number[] {
  const tsc = spawnSync(process.execPath, [join(root, 'node_modules', 'typescript', 'bin', 'tsc')], {
    cwd: folder,
    encoding: 'utf8',
  });
  assert.equal(tsc.status, 0, tsc.stdout);
  const run = spawnSync(process.execPath, ['out/main.js'], { cwd: folder, encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as number[];
}

for (const [name, type, options] of [
  ['ESM under NodeNext', 'module', { module: 'NodeNext' }],
  ['CommonJS under NodeNext', 'commonjs', { module: 'NodeNext' }],
  ['ESM under bundler resolution', 'module', { module: 'ESNext', moduleResolution: 'bundler' }],
] as const) {
  test(`copied into a bare project, lib compiles and the ten lines draw from the two modes: ${name}`, () => {
    const folder = bareProject(type, options);
    try {
      const values = compileAndRun(folder);
      assert.equal(values.length, 2000);
      const x = values.filter((_, i) => i % 2 === 0);
      const right = x.filter(v => v > 0).length / x.length;
      assert.ok(Math.abs(right - 0.5) < 4 * Math.sqrt(0.25 / x.length), `share of the right mode ${right}`);
      assert.ok(x.every(v => Math.abs(Math.abs(v) - 1) < 6 * Math.sqrt(0.05)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
