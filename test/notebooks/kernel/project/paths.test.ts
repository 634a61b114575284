import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { mappedFile, NO_OPTIONS, orderedRules } from '../../../../notebooks/kernel/project/project-options.js';
import { folderOf } from '../../../support/files.js';
import { codeNotebook } from '../../../support/notebook.js';
import { LAUNCHER, withKernel } from '../client.js';

const options = (compilerOptions: object) => ({
  compilerOptions: { strict: true, target: 'ES2022', ...compilerOptions },
});
const { folder, write } = folderOf({
  'new/package.json': { type: 'module' },
  'new/base.json': options({
    module: 'NodeNext',
    paths: { '@/*': ['./none/*', './src/*'], one: ['./src/one.ts'], far: ['./far.d.ts'] },
  }),
  'new/tsconfig.json': { extends: './base.json' },
  'new/far.d.ts': 'export declare const far: string;\n',
  'new/node_modules/far/package.json': { type: 'module', exports: './index.js' },
  'new/node_modules/far/index.js': 'export const far = "package";\n',
  'new/src/one.ts': 'import { two } from "@/deep/two.js";\nexport const one: number = two - 1;\n',
  'new/src/deep/two.ts': 'export const two: number = 2;\n',
  'new/notebooks/a.ipynb': codeNotebook(['import { one } from "one";\none']),
  'old/tsconfig.json': options({ baseUrl: './src', module: 'commonjs', moduleResolution: 'node', target: 'ES2015' }),
  'old/src/lib/three.ts': 'export const three: number = 3;\n',
  'old/src/four.ts': 'import { three } from "lib/three";\nexport const four = three + 1;\n',
});

describe('paths of a tsconfig.json', () => {
  it('are resolved when cells and their modules run as they are when they are checked', async () => {
    await withKernel({ cwd: join(folder, 'new/notebooks') }, async kernel => {
      const result = async (code: string) => (await kernel.execute(code)).result;
      assert.equal(await result('import { one } from "one"; one'), '1');
      assert.equal(await result('import { two } from "@/deep/two.js"; two'), '2');
      assert.equal(await result('(await import("@/one.js")).one'), '1');
      // A declaration is for the check alone.
      assert.equal(await result('import { far } from "far"; far'), "'package'");
      assert.match(String(await result('import.meta.resolve("@/one.js")')), /new\/src\/one\.ts'$/);
      const { evalue } = (await kernel.execute('import { none } from "@/none.js"')).reply.content;
      assert.match(String(evalue), /TS2307/);
      write('new/src/deep/two.ts', 'export const two: number = 22;\n');
      assert.equal(await result('await reload(); [one, two]'), '[ 21, 22 ]');
      write('new/src/deep/two.ts', 'export const two: number = 2;\n');
    });
  });

  it('may be no more than a baseUrl, as in an old project', async () => {
    await withKernel({ cwd: join(folder, 'old') }, async kernel => {
      assert.equal((await kernel.execute('import { four } from "four"; four')).result, '4');
      assert.equal((await kernel.execute('import { three } from "lib/three"; three')).result, '3');
      assert.equal((await kernel.execute('import { sep } from "path"; sep')).result, "'/'");
    });
  });

  it('hold in the headless runner', () => {
    const args = [LAUNCHER, 'run', '--output', 'report', 'notebooks/a.ipynb'];
    const { status, stdout } = spawnSync(process.execPath, args, { cwd: join(folder, 'new'), encoding: 'utf8' });
    assert.equal(status, 0, stdout);
    assert.match(readFileSync(join(folder, 'new/report/a.ipynb'), 'utf8'), /"text\/plain": \[\s*"1"\s*\]/);
  });

  it('are tried in the order of TypeScript: the exact one, then the one with the longest beginning', () => {
    const at = (path: string) => join(folder, 'new/src', path);
    const paths = orderedRules([
      { pattern: '*', targets: [at('one.ts')] },
      { pattern: 'a/*', targets: [at('none/*'), at('deep/*')] },
      { pattern: 'a/two', targets: [at('one.ts')] },
      { pattern: 'a/*.js', targets: [at('*.ts')] },
    ]);
    const found = (specifier: string) => mappedFile({ ...NO_OPTIONS, paths }, specifier);
    assert.equal(found('a/two'), at('one.ts'));
    assert.equal(found('a/two.ts'), at('deep/two.ts'));
    assert.equal(found('a/one.js'), at('one.ts'));
    assert.equal(found('b'), at('one.ts'));
    assert.equal(mappedFile(NO_OPTIONS, 'b'), undefined);
  });
});
