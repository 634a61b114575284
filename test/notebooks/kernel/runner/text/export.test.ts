import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../../../../notebooks/kernel/runner/text/export.js';
import { folderOf } from '../../../../support/files.js';
import { codeNotebook } from '../../../../support/notebook.js';

const { folder } = folderOf({
  'package.json': {},
  'lib/a.ts': 'export const a = 1;\n',
  'notes/x.ipynb': codeNotebook(["import { a } from './lib/a.js';", 'const b = a + 1;', 'b;']),
});
const notebook = join(folder, 'notes/x.ipynb');

test('the module lies where it is told to, and its imports mean the same files from there', () => {
  const file = join(folder, 'out/deep/slice.ts');
  assert.equal(main(['--slice', 'c1', '-o', file, notebook]), 0);
  assert.equal(
    readFileSync(file, 'utf8'),
    "// x.ipynb, cells 1, 2\n\nimport { a } from '../../lib/a.js';\n\n// cell 2\nconst b = a + 1;\n\nexport { b };\n",
  );
});

test('a notebook and a cell are needed, and a cell that there is', () => {
  assert.deepEqual([main([notebook]), main(['--slice', '1'])], [2, 2]);
  assert.throws(() => main(['--slice', '9', notebook]), /no cell 9: give an id, or a number from 1 to 3/);
});
