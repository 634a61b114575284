import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { packageFile, projectRoot } from '../../../notebooks/files/root.js';

const root = resolve('.');
const tsx = import.meta.resolve('tsx');
const program = `
  const { projectRoot } = await import('${pathToFileURL(join(root, 'notebooks/files/root.ts'))}');
  console.log(projectRoot());
`;

/** What a process that starts in `cwd` says; of a script where one is given. */
const from = (cwd: string, script?: string): string => {
  const code = script === undefined ? ['--input-type=module', '--eval', program] : [script];
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', tsx, ...code], { cwd, encoding: 'utf8' });
  return `${stdout}${stderr}`.trim();
};

describe('the project is found', () => {
  let elsewhere = '';
  before(() => {
    elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'elsewhere-')));
  });
  after(() => rmSync(elsewhere, { recursive: true }));

  test('from its root and from the folder of the notebooks', () => {
    assert.equal(projectRoot(), root);
    assert.equal(from(join(root, 'notebooks')), root);
  });

  test('from anywhere by a script that lies in it', () => {
    mkdirSync('.cache', { recursive: true });
    const folder = mkdtempSync(resolve('.cache/script-'));
    try {
      writeFileSync(join(folder, 'main.mjs'), program);
      assert.equal(from(elsewhere, join(folder, 'main.mjs')), root);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('from a project that depends on it, and from no other', () => {
    assert.match(from(elsewhere), new RegExp(`not found from ${elsewhere}: start .* inside the repository`));
    mkdirSync(join(elsewhere, 'node_modules'));
    symlinkSync(root, join(elsewhere, 'node_modules', 'score-sde-ts'));
    assert.equal(from(elsewhere), root);
  });
});

test('a package that is missing is named with the way to get it', () => {
  assert.throws(() => packageFile('no-such-package/a.json'), /no-such-package\/a\.json is not installed.*npm ci/);
});
