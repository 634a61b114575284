import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { configFaults } from '../../../../notebooks/kernel/compiler/config-faults.js';
import { folderOf } from '../../../support/files.js';
import { withKernel } from '../client.js';

const strict = { compilerOptions: { strict: true, module: 'NodeNext', target: 'ES2022' } };

describe('what is wrong around the cells', () => {
  const { folder, write } = folderOf({
    'package.json': { type: 'module' },
    'tsconfig.json': { extends: './base', ...strict },
    'good.ts': 'export const good: number = 1;\n',
    'bad.ts': 'import "./worse.js";\n\nexport const bad: string = 5;\n',
    'worse.ts': Array.from({ length: 8 }, (_, i) => `export const w${i}: string = ${i};\n`).join(''),
    'other/tsconfig.json': strict,
    'other/loose.ts': 'export const loose: string = 5;\n',
  });

  it('is told once, on stderr, and fails no cell', async () => {
    await withKernel({ cwd: folder }, async kernel => {
      const stderr = async (code: string) => {
        const answer = await kernel.execute(code);
        assert.equal(answer.reply.content.status, 'ok', code);
        return answer.stream('stderr');
      };
      assert.match(
        await stderr('1'),
        /^tsnb: .*\/tsconfig\.json: it extends \.\/base, which is not there: .* do not count\n$/,
      );
      assert.equal(await stderr('import { good } from "./good.js"; good'), '');
      const told = await stderr('import { bad } from "./bad.js"; bad');
      assert.match(told, /^tsnb: type errors in files .*\n {2}worse\.ts:1:14 - TS2322: .*\n/);
      assert.match(told, /\n {2}and 4 more\n$/);
      assert.equal(await stderr('import { bad as again } from "./bad.js"; again'), '');
      assert.equal(await stderr('import { loose } from "./other/loose.js"; loose'), '');
      write('good.ts', 'export const good: string = 1;\n');
      await stderr('await reload();');
      assert.equal(
        await stderr('typeof good'),
        "tsnb: type errors in files that cells import; they run all the same\n  good.ts:1:14 - TS2322: Type 'number' is not assignable to type 'string'.\n",
      );
    });
  });

  it('is told of a cell that fails, too: it may be the reason', async () => {
    const broken = folderOf({ 'tsconfig.json': '{ "compilerOptions": { "strict": tru } }', 'package.json': {} });
    await withKernel({ cwd: broken.folder }, async kernel => {
      const { reply, stream } = await kernel.execute('const x: string = 1;');
      assert.match(String(reply.content.evalue), /TS2322/);
      assert.match(stream('stderr'), /tsconfig\.json:1:34 - this is no value of JSON; what follows may not count\n$/);
    });
  });
});

describe('a tsconfig.json', () => {
  const { folder } = folderOf({
    'fine.json':
      '\uFEFF{ // comment\n "extends": ["./base.json", "pack/tsconfig.json", "has/own"], /* and */ "include": ["a",], }',
    'base.json': '{ "extends": "./far/away.json", "x": -1 }',
    'far/away.json': '{ "compilerOptions": {\n  "strict" true } }',
    'node_modules/pack/tsconfig.json': { extends: '../absent.json' },
    'node_modules/has/package.json': {},
    'packages.json': { extends: '@tsconfig/none/tsconfig.json' },
  });

  it('has faults where it, or what it extends, is no JSON or is not there', () => {
    assert.deepEqual(
      configFaults(`${folder}/fine.json`).map(each => each.replaceAll(`${folder}/`, '').replace(/ - .*;/, ' -')),
      [
        'far/away.json:2:12 - what follows may not count',
        'node_modules/pack/tsconfig.json: it extends ../absent.json, which is not there: the options of that do not count',
      ],
    );
    assert.match(
      configFaults(`${folder}/packages.json`).join(),
      /extends @tsconfig\/none\/tsconfig\.json, which is not/,
    );
    assert.deepEqual(configFaults(`${folder}/none.json`), []);
    assert.deepEqual(configFaults('tsconfig.json'), []);
  });
});

describe('the names of the browser', () => {
  const refused = async (cwd: string, code: string) => {
    let evalue = '';
    await withKernel({ cwd }, async kernel => {
      evalue = String((await kernel.execute(code)).reply.content.evalue ?? '');
    });
    return evalue;
  };

  it('are known only where lib asks for them, and those that Node has are known always', async () => {
    const code =
      'const ask = () => [prompt, confirm, document];\nvoid [fetch, URL, performance, structuredClone, ask];';
    const lib = (libs?: string[]) => {
      const compilerOptions = { ...strict.compilerOptions, ...(libs ? { lib: libs } : {}) };
      return folderOf({ 'package.json': { type: 'module' }, 'tsconfig.json': { compilerOptions } }).folder;
    };
    assert.match(await refused(folderOf({}).folder, code), /^1:20 TS2304: Cannot find name 'prompt'. \(and 2 more\)/);
    assert.match(await refused(lib(), code), /^1:20 TS2304: Cannot find name 'prompt'. \(and 2 more\)/);
    assert.equal(await refused(lib(['ES2022', 'DOM']), code), '');
  });
});
