import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const kernel = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Bundles the kernel into .build/kernel: it starts in a third of the time that it takes through tsx. The launcher does
 * this when a source is newer. Every file is put in place by a rename, the entry last: kernels may be starting.
 * Returns what esbuild knows about the files.
 */
export const build = async (target = join(kernel, '../../.build/kernel')) => {
  const { build: bundle } = await import('esbuild');
  const { outputFiles, metafile } = await bundle({
    entryPoints: {
      cli: join(kernel, 'cli.ts'),
      compiler: join(kernel, 'compiler/worker.ts'),
      user: join(kernel, 'user/main.ts'),
      loader: join(kernel, 'user/loader.ts'),
      interrupter: join(kernel, 'user/interrupter.ts'),
      tslab: join(kernel, 'user/tslab.ts'),
      style: join(kernel, 'runner/html/style.css'),
      browser: join(kernel, 'runner/html/browser.mjs'),
    },
    // The report's page takes these two as they are.
    loader: { '.css': 'copy', '.mjs': 'copy' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    outdir: target,
    write: false,
    metafile: true,
    sourcemap: 'linked',
    logLevel: 'error',
  });
  mkdirSync(target, { recursive: true });
  const entryLast = file => (basename(file.path) === 'cli.js' ? 1 : 0);
  for (const file of outputFiles.sort((a, b) => entryLast(a) - entryLast(b))) {
    const draft = `${file.path}.${process.pid}`;
    writeFileSync(draft, file.contents);
    renameSync(draft, file.path);
  }
  return metafile;
};

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build();
