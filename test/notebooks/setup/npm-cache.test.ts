import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { folderOf } from '../../support/files.js';

test('under a HOME where nothing can be written, make says what is wrong and the way out', () => {
  // A file where npm wants a folder: root, too, cannot write there.
  const { folder } = folderOf({ 'home/.npm': '', 'project/package.json': {}, 'project/package-lock.json': {} });
  const project = join(folder, 'project');
  for (const file of ['Makefile', '.npmrc', 'notebooks/setup/npm-cache.mjs']) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    copyFileSync(file, join(project, file));
  }
  const set = (name: string) => /^(?:npm_config_|make|mflags)/i.test(name);
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !set(name)));
  const make = (more: object) =>
    spawnSync('make', ['node_modules/.package-lock.json'], {
      cwd: project,
      encoding: 'utf8',
      env: { ...env, HOME: join(folder, 'home'), ...more },
    });
  const { status, stderr, stdout } = make({});
  assert.notEqual(status, 0);
  assert.match(
    stderr,
    /^npm keeps what it downloads in .*home\/\.npm, where nothing can be written \(E\w+\)\.\n.*npm_config_cache=/,
  );
  assert.doesNotMatch(stdout, /npm ci/);
  const cache = join(project, '.cache/npm');
  assert.match(make({ npm_config_cache: cache }).stdout, /npm ci/);
  assert.ok(existsSync(cache));
});
