// Makes a package of the kernel that other projects install: `node notebooks/kernel/package/pack.mjs [DIRECTORY]`.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from '../bin/build.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const home = join(here, '../../..');
const root = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));

/** What the bundles import, in the versions of the repository; and Node's types, which cells are checked with. */
const dependencies = ({ outputs }) => {
  const versions = { ...root.devDependencies, ...root.dependencies };
  const imported = Object.values(outputs).flatMap(({ imports }) => imports.filter(each => each.external));
  const names = imported
    .filter(({ path }) => !path.startsWith('node:'))
    .map(({ path }) => /^(?:@[^/]+\/)?[^/]+/.exec(path)[0]);
  const entries = [...new Set([...names, '@types/node'])].sort().map(name => [name, versions[name]]);
  const unknown = entries.find(([, version]) => version === undefined);
  if (unknown) throw new Error(`the kernel imports ${unknown[0]}: add it to the dependencies in package.json`);
  return Object.fromEntries(entries);
};

const manifest = metafile => ({
  name: 'tsnb',
  version: root.version,
  description: 'A Jupyter kernel for TypeScript, and a headless runner of notebooks',
  license: root.license,
  type: 'module',
  engines: root.engines,
  bin: { tsnb: 'tsnb.mjs' },
  dependencies: dependencies(metafile),
});

/** Plotly as the report takes it, so that nobody who installs the kernel has to download and pack the whole of it. */
const addPlotly = async dist => {
  await import('tsx');
  const { BUNDLES, packedPlotly } = await import('../runner/html/packed-plotly.ts');
  for (const bundle of Object.keys(BUNDLES)) {
    writeFileSync(join(dist, `plotly-${bundle}.js.gz.b64`), await packedPlotly(home, bundle));
  }
};

/** Returns the path of the package's archive. */
const pack = async directory => {
  const folder = mkdtempSync(join(tmpdir(), 'tsnb-package-'));
  try {
    const metafile = await build(join(folder, 'dist'));
    await addPlotly(join(folder, 'dist'));
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(metafile), null, 2)}\n`);
    cpSync(join(here, 'launcher.mjs'), join(folder, 'tsnb.mjs'));
    cpSync(join(here, 'README.md'), join(folder, 'README.md'));
    cpSync(join(home, 'LICENSE'), join(folder, 'LICENSE'));
    mkdirSync(directory, { recursive: true });
    const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', directory], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    return join(directory, JSON.parse(packed)[0].filename);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

console.log(await pack(resolve(process.argv[2] ?? join(home, '.build'))));
