import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { folderOf } from '../../../support/files.js';
import { withKernel } from '../client.js';

const strict = { strict: true, target: 'ES2022', resolveJsonModule: true };

describe('what TypeScript lets an ES module import', () => {
  it('runs: import x = require() relative to the file, with the places of errors', async () => {
    const { folder } = folderOf({
      'package.json': { type: 'module' },
      'tsconfig.json': { compilerOptions: { ...strict, module: 'NodeNext' } },
      'src/old.cts': 'export const one: number = 1;\n',
      'src/new.ts': `import old = require('./old.cjs');
import data from './data.json' with { type: 'json' };
export const sum: number = old.one + data.n;
export const fail = (): never => { throw new Error('here'); };
`,
      'src/data.json': { n: 2 },
    });
    await withKernel({ cwd: folder }, async kernel => {
      assert.equal((await kernel.execute('import { sum, fail } from "./src/new.js"; sum')).result, '3');
      const traceback = (await kernel.execute('fail()')).reply.content.traceback as string[];
      assert.match(traceback.join('\n'), /at fail \(src\/new\.ts:4:42\)/);
    });
  });

  it('runs: JSON without the attribute that Node asks for, whole and by name', async () => {
    const { folder } = folderOf({
      'package.json': { type: 'module' },
      'tsconfig.json': { compilerOptions: { ...strict, module: 'ESNext', moduleResolution: 'bundler' } },
      'data.json': '{ "n": 2, "default": 3, "a-b": [null], "\\ud83d": 1 }',
      'list.json': '[1, 2]',
      'bad.json': '{ "n": 2',
      'sum.ts': 'import data, { n } from "./data.json";\nexport const sum = n + data.n;\n',
    });
    await withKernel({ cwd: folder }, async kernel => {
      const run = async (code: string) => {
        const { result, reply } = await kernel.execute(code);
        return result ?? String(reply.content.evalue);
      };
      assert.equal(await run('import { sum } from "./sum"; sum'), '4');
      assert.equal(await run('import { n, "a-b" as ab } from "./data.json"; [n, ab]'), '[ 2, [ null ] ]');
      assert.equal(await run('import list from "./list.json"; list'), '[ 1, 2 ]');
      assert.match(await run('await import("./bad.json" as string)'), /bad\.json is not JSON/);
    });
  });
});
