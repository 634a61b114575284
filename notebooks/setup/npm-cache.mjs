// Whether npm can keep its cache, before npm is asked to install: where it cannot, as under a read-only HOME, what it
// says itself is about owners, or about the registry. Nothing is installed yet, so this is plain JavaScript.
import { execSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const cache = execSync('npm config get cache', { encoding: 'utf8' }).trim();
try {
  mkdirSync(cache, { recursive: true });
  rmSync(mkdtempSync(join(cache, 'probe-')), { recursive: true });
} catch (error) {
  console.error(`npm keeps what it downloads in ${cache}, where nothing can be written (${error.code}).`);
  console.error('Name another folder: make … with npm_config_cache="$PWD/.cache/npm" in front of it.');
  process.exit(1);
}
