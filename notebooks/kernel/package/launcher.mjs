#!/usr/bin/env node
// The program of the package: bin/tsnb.mjs is that of the repository, where bundles can be out of date.
import { fileURLToPath } from 'node:url';
import { main } from './dist/cli.js';

process.exit(await main(process.argv.slice(2), fileURLToPath(new URL('.', import.meta.url))));
