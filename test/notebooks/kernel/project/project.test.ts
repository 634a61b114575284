import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withKernel } from '../client.js';

const directory = mkdtempSync(join(tmpdir(), 'tsnb-project-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const write = (path: string, text: string) => {
  mkdirSync(join(directory, path, '..'), { recursive: true });
  writeFileSync(join(directory, path), text);
};

describe('a project of its own', () => {
  write('package.json', '{ "type": "module" }');
  write(
    'tsconfig.json',
    '{ "compilerOptions": { "strict": true, "noUncheckedIndexedAccess": false, "module": "NodeNext", "target": "ES2022" } }',
  );
  write('lib/index.ts', 'export * from "./inner.js";');
  write('lib/inner.ts', 'export const version: number = 1;\nexport const triple = (x: number): number => 3 * x;\n');
  mkdirSync(join(directory, 'notebooks'));
  const cwd = join(directory, 'notebooks');

  it('resolves ../lib from the notebook and ./lib from the root, checks by its tsconfig, and reloads', async () => {
    await withKernel({ cwd }, async kernel => {
      const result = async (code: string) => (await kernel.execute(code)).result;
      assert.equal(await result('import { version } from "../lib/index.js"; version'), '1');
      assert.equal(await result('import { triple } from "./lib/index.js"; triple(2)'), '6');
      assert.equal(await result('const { triple: again } = await import("./lib/inner.js"); again === triple'), 'true');
      // noUncheckedIndexedAccess is off here.
      assert.equal(await result('const first: number = [1][0]; first'), '1');
      assert.equal(await result('process.cwd()'), `'${directory}'`);
      write(
        'lib/inner.ts',
        'export const version: string = "two";\nexport const triple = (x: number): number => 4 * x;\n',
      );
      assert.equal(await result('await reload(); 1'), '1');
      assert.equal(await result('version.toUpperCase()'), "'TWO'");
      assert.equal(await result('triple(2)'), '8');
      assert.match(String((await kernel.execute('version + 1 as number')).reply.content.evalue), /TS/);
    });
  });

  it('shows where an imported TypeScript file threw', async () => {
    write(
      'lib/throws.ts',
      'interface A { x: number }\n\nexport const fail = (a: A): never => {\n  throw new Error(`x is ${a.x}`);\n};\n',
    );
    await withKernel({ cwd }, async kernel => {
      const { reply } = await kernel.execute('import { fail } from "../lib/throws.js";\nfail({ x: 1 })');
      const traceback = (reply.content.traceback as string[]).join('\n');
      assert.match(traceback, /at fail \(lib\/throws\.ts:4:9\)\n {4}at cell \[1\]:2:1/);
    });
  });

  it('translates decorators as its tsconfig says, in cells and in files', async () => {
    const log = 'const log = (target: object, name: string) => void seen.push(`${typeof target} ${name}`);';
    const source = `export const seen: string[] = [];\n${log}\nexport class Logged { @log method() {} }\n`;
    const old = '{ "compilerOptions": { "strict": true, "module": "NodeNext", "experimentalDecorators": true } }';
    mkdirSync(join(directory, 'old'));
    write('old/tsconfig.json', old);
    write('old/logged.ts', source);
    await withKernel({ cwd: join(directory, 'old') }, async kernel => {
      const result = async (code: string) => (await kernel.execute(code)).result;
      assert.equal(await result('import * as file from "./logged.js"; file.seen'), "[ 'object method' ]");
      assert.equal(await result(`${source.replaceAll('export ', '')}\nseen`), "[ 'object method' ]");
      for (const last of ['class A { @log m() {} }', '@log2 class A {}', '@log2 export default class A {}']) {
        const code = `function log2<T>(target: T): T { return target }\n${last}`;
        const { reply, result: shown } = await kernel.execute(code);
        assert.deepEqual([reply.content.status, shown], ['ok', undefined], last);
        assert.equal(await result(`${code}\nA.name`), "'A'", last);
      }
    });
  });
});

describe('a notebook outside of every project', () => {
  it('is checked strictly, knows Node, and finds the display of the kernel with its types', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'tsnb-alone-'));
    await withKernel({ cwd }, async kernel => {
      const { messages } = await kernel.execute('import { display } from "tslab"; display.html("<b>x</b>")');
      const shown = messages.find(({ header }) => header.msg_type === 'display_data');
      assert.deepEqual(shown?.content.data, { 'text/html': '<b>x</b>' });
      const errorOf = async (code: string) => String((await kernel.execute(code)).reply.content.evalue);
      assert.match(await errorOf('display.html(5)'), /TS2345/);
      assert.match(await errorOf('const f = x => x'), /TS7006/);
      assert.equal((await kernel.execute('process.cwd()')).result, `'${cwd}'`);
    });
    rmSync(cwd, { recursive: true });
  });
});
