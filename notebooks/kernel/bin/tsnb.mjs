#!/usr/bin/env node
// Runs the kernel from its bundle, made anew where a source is newer; through tsx where that cannot be.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const kernel = dirname(dirname(fileURLToPath(import.meta.url)));
const home = join(kernel, '../..');
const bundle = join(home, '.build/kernel/cli.js');

// Beside the kernel's own room, what the runner shares with the notebooks.
const rooms =
  process.argv[2] === 'kernel' ? [kernel] : ['kernel', 'files', 'cell'].map(name => join(home, 'notebooks', name));

const newest = directory =>
  readdirSync(directory, { withFileTypes: true }).reduce((latest, entry) => {
    const path = join(directory, entry.name);
    // The kernel itself does not depend on the runner.
    if (entry.name === 'runner' && process.argv[2] === 'kernel') return latest;
    const time = entry.isDirectory() ? newest(path) : /\.(?:ts|css|mjs)$/.test(entry.name) ? statSync(path).mtimeMs : 0;
    return Math.max(latest, time);
  }, 0);

const fresh = () => existsSync(bundle) && statSync(bundle).mtimeMs >= Math.max(...rooms.map(newest));

const load = async () => {
  if (process.env.TSNB_SOURCE !== '1') {
    try {
      if (!fresh()) await import('./build.mjs').then(({ build }) => build());
      return await import(pathToFileURL(bundle).href);
    } catch (error) {
      // A package directory that cannot be written, or no esbuild.
      if (fresh()) throw error;
    }
  }
  await import('tsx');
  return import(pathToFileURL(join(kernel, 'cli.ts')).href);
};

const { main } = await load();
process.exit(await main(process.argv.slice(2), home));
