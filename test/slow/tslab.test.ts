import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { copyProject } from '../support/project-copy.js';
import { assertRuns, tslabSkip } from '../support/tslab.js';

const names = readdirSync('notebooks').filter(name => name.endsWith('.ipynb'));

describe('plain tslab', { skip: tslabSkip() }, () => {
  let copy: ReturnType<typeof copyProject>;
  let folder = '';
  before(() => {
    copy = copyProject();
    folder = join(copy.root, '.cache', 'tslab');
    mkdirSync(folder, { recursive: true });
  });
  after(() => copy.remove());

  for (const name of names) {
    test(`runs ${name} to its end, with the same checks passed and pictures shown`, () =>
      assertRuns(copy.root, folder, [name]));
  }
});
