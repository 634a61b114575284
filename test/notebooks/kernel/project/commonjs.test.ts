import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { folderOf } from '../../../support/files.js';
import { withKernel } from '../client.js';

const sources = {
  'src/two.ts': 'export const two: number = 2;\nexport const loads = { count: 0 };\nloads.count++;\n',
  'src/here.ts': `import path = require('path');
const { two, loads } = require('./two') as typeof import('./two');
loads.count += 10;
export const here: string = [path.basename(__dirname), path.basename(__filename), two].join();
export default class Thing { x = 1 }
`,
  'src/assigned.ts': 'import where = require("./here");\nexport = { here: where.here, n: 1 };\n',
  'src/all.ts': 'export * from "./here";\nexport * from "./two";\nexport interface Shape { x: number }\n',
  'src/explicit.cts': 'import where = require("./here");\nexport const here = where.here;\n',
  'src/module.mts':
    'import { here } from "./here.js";\nimport { two } from "./all.js";\nexport const both = here + two;\n',
  'src/waits.ts': 'export const waited: number = await Promise.resolve(4);\n',
  'src/throws.ts':
    'interface A { x: number }\n\nexport const fail = (a: A): never => {\n  throw new Error(`x is ${a.x}`);\n};\n',
  'src/plain.js':
    'module.exports = { a: 1 };\nmodule.exports["b"] = 2;\nfor (const key of ["c"]) module.exports[key] = 3;\n',
  'src/plain.d.ts':
    'export declare const a: number, b: number, c: number, gone: number;\nexport interface Shape { x: number }\nexport declare const enum Level { Low }\n',
};

const old = { strict: true, target: 'ES2015', module: 'commonjs', moduleResolution: 'node', esModuleInterop: true };
const node = { strict: true, target: 'ES2022', module: 'NodeNext' };
const project = (compilerOptions: object) =>
  folderOf({ 'package.json': {}, 'tsconfig.json': { compilerOptions }, ...sources });

/** Both projects are of CommonJS; in the second, TypeScript sees modules as Node does. */
for (const [name, options] of Object.entries({ old, node })) {
  const end = name === 'node' ? '.js' : '';
  describe(`a CommonJS project, module: ${options.module}`, () => {
    const { folder, write } = project(options);

    it('gives cells its files as tsx runs them: __dirname, require, import x = require(), export =, .cts', async () => {
      await withKernel({ cwd: folder }, async kernel => {
        const run = async (code: string) => {
          const { result, reply } = await kernel.execute(code);
          return result ?? reply.content.evalue;
        };
        assert.equal(await run(`import { here } from "./src/here${end}"; here`), "'src,here.ts,2'");
        assert.equal(await run(`import assigned from "./src/assigned${end}"; assigned.here`), "'src,here.ts,2'");
        assert.equal(await run('import { here as explicit } from "./src/explicit.cjs"; explicit'), "'src,here.ts,2'");
        assert.equal(await run(`import where = require("./src/here${end}"); where.here`), "'src,here.ts,2'");
        assert.equal(await run('require("./src/two").two'), '2');
        assert.equal(await run(`import { two } from "./src/all${end}"; two`), '2');
        assert.equal(await run('import { both } from "./src/module.mjs"; both'), "'src,here.ts,22'");
        assert.equal(await run(`import { waited } from "./src/waits${end}"; waited`), '4');
        const thing = name === 'node' ? 'here.default' : 'here';
        assert.equal(await run(`import here from "./src/here${end}"; new ${thing}().x`), '1');
        // One instance, whoever loads it and how.
        assert.equal(await run(`import { loads } from "./src/two${end}"; loads.count`), '11');
      });
    });

    it('loads it anew on reload(), and says where it threw', async () => {
      await withKernel({ cwd: folder }, async kernel => {
        await kernel.execute(`import { two } from "./src/two${end}"; import { fail } from "./src/throws${end}";
import assigned from "./src/assigned${end}"; import { c } from "./src/plain${end}";`);
        write('src/two.ts', sources['src/two.ts'].replace('= 2', '= 5'));
        const shown = (await kernel.execute('await reload(); [two, assigned.here, c]')).result;
        assert.equal(shown, "[ 5, 'src,here.ts,5', 3 ]");
        write('src/two.ts', sources['src/two.ts']);
        const traceback = (await kernel.execute('fail({ x: 1 })')).reply.content.traceback as string[];
        assert.match(traceback.join('\n'), /at fail \(src\/throws\.ts:4:9\)\n {4}at cell \[3\]:1:1/);
      });
    });

    it('gives what a CommonJS module has, and refuses a name that only its types have', async () => {
      await withKernel({ cwd: folder }, async kernel => {
        const { result } = await kernel.execute(`import { a, b, c, Shape, Level } from "./src/plain${end}"; [a, b, c]`);
        assert.equal(result, '[ 1, 2, 3 ]');
        const { evalue, ename } = (await kernel.execute(`import { gone } from "./src/plain${end}"`)).reply.content;
        assert.deepEqual(
          [ename, evalue],
          ['SyntaxError', `./src/plain${end} has no export named gone, whatever its types say`],
        );
        assert.equal((await kernel.execute(`import type { gone } from "./src/plain${end}"; a`)).result, '1');
      });
    });
  });
}

describe('an old tsconfig.json', () => {
  it('keeps no cell from awaiting, from import.meta or from what came after its target', async () => {
    const { folder } = project(old);
    await withKernel({ cwd: join(folder, 'src') }, async kernel => {
      const result = async (code: string) => (await kernel.execute(code)).result;
      assert.equal(await result('const x = await Promise.resolve(3); x'), '3');
      assert.equal(await result('for await (const y of [1]) y; import.meta.dirname === __dirname && x'), '3');
      assert.match(String(await result('import.meta.resolve("./two")')), /src\/two\.ts'$/);
      assert.equal(await result('[1, 2].at(-1)'), '2');
      assert.match(String(await result('__filename')), /src\/cell\.mts'$/);
      assert.equal(await result('const __dirname = "own"; __dirname'), "'own'");
      assert.equal(await result('__dirname + (() => __dirname)()'), "'ownown'");
    });
  });
});
