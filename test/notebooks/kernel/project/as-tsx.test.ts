import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { folderOf } from '../../../support/files.js';
import { withKernel } from '../client.js';

/** Ways of CommonJS in TypeScript, whose outcome is `report`. */
const sources = {
  'package.json': {},
  'tsconfig.json': {
    compilerOptions: {
      strict: true,
      target: 'ES2020',
      module: 'commonjs',
      moduleResolution: 'node',
      esModuleInterop: true,
      experimentalDecorators: true,
      resolveJsonModule: true,
      paths: { '~/*': ['./src/*'] },
    },
  },
  'src/zoo.ts': `import fs, { existsSync } from 'fs';
import * as whole from './mixed';
import Mixed, { named, type Shape, change } from './mixed';
import Own = require('./own');
import legacy from './legacy';
import data from './data.json';
import { alias } from '~/deep';
import { first } from './circle/first';
import * as esm from 'only-esm';

enum Level { Low = 1, High }
namespace Inner { export const x = 7; }
const seen: string[] = [];
const log = (_target: object, name: string) => void seen.push(name);
class Logged { @log method() {} field = 1; declare none: string; }
change();
const shape: Shape = { x: 1 };
const later = async () => {
  const two = await import('./mixed');
  const js = await import('./mixed.js' as string);
  return [two.named, js === two, typeof two.default];
};
export const report = async () => JSON.stringify([
  fs.existsSync === existsSync, Object.keys(whole).sort(), new Mixed().kind, named, shape,
  new Own('o').name, legacy, data, alias, first(), esm.value, Level.High, Level[1], Inner.x, seen,
  Object.keys(new Logged()), typeof require, require.resolve('./mixed').slice(-8), module.exports === exports,
  require('./data').list, __filename.slice(-6), await later(),
]);
`,
  'src/mixed.ts': `export let named = 'before';
export const change = () => { named = 'after'; };
export interface Shape { x: number }
export default class { kind = 'default'; }
`,
  'src/own.ts': 'class Own { constructor(readonly name: string) {} }\nexport = Own;\n',
  'src/legacy.js': 'module.exports = { old: require("./mixed").named };\n',
  'src/legacy.d.ts': 'declare const legacy: { old: string };\nexport default legacy;\n',
  'src/data.json': '{ "list": [1, 2] }',
  'src/deep/index.ts': "export * from './inner';\n",
  'src/deep/inner.ts': "export const alias = 'alias';\n",
  'src/circle/first.ts':
    "import { second } from './second';\nexport const one = 1;\nexport const first = () => second();\n",
  'src/circle/second.ts': "import { one } from './first';\nexport const second = () => one + 1;\n",
  'node_modules/only-esm/package.json': { type: 'module', exports: './index.js', types: './index.d.ts' },
  'node_modules/only-esm/index.js': 'export const value = 5;\n',
  'node_modules/only-esm/index.d.ts': 'export declare const value: number;\n',
  'print.ts': "import { report } from './src/zoo';\nreport().then(text => console.log(text));\n",
};

it('a CommonJS project in TypeScript runs in a cell as it runs by tsx', async () => {
  const { folder } = folderOf(sources);
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  const args = ['--disable-warning=ExperimentalWarning', '--import', tsx, join(folder, 'print.ts')];
  const expected = execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8' }).trim();
  await withKernel({ cwd: folder }, async kernel => {
    const { stream, reply } = await kernel.execute('import { report } from "./src/zoo"; console.log(await report());');
    assert.equal(reply.content.evalue, undefined);
    assert.equal(stream('stdout').trim(), expected);
    assert.equal(stream('stderr'), '');
  });
});
