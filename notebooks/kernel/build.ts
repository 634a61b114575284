import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Bundles the kernel into .build/kernel, where the launcher finds it: half the start-up time of running through tsx. */
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: {
    cli: here('cli.ts'),
    compiler: here('compile/worker.ts'),
    user: here('user/main.ts'),
    loader: here('user/loader.ts'),
    interrupter: here('user/interrupter.ts'),
  },
  outdir: here('../../.build/kernel'),
  bundle: true,
  splitting: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: 'linked',
});
