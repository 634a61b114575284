import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { connectionInfo } from '../../../notebooks/kernel/connection.js';
import { type Client, LAUNCHER, type StartOptions, startKernel } from './client.js';

const directory = mkdtempSync(join(tmpdir(), 'tsnb-start-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const using = async (options: StartOptions, use: (kernel: Client) => Promise<void>) => {
  const kernel = await startKernel(options);
  try {
    await use(kernel);
  } finally {
    await kernel.close();
  }
};

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
  write(
    'lib/inner.ts',
    'export const version: number = 1;\nexport const triple = (x: number): number => 3 * x;\n',
  );
  mkdirSync(join(directory, 'notebooks'));
  const cwd = join(directory, 'notebooks');

  it('resolves ../lib from the notebook and ./lib from the root, checks by its tsconfig, and reloads', async () => {
    await using({ cwd }, async kernel => {
      const result = async (code: string) => (await kernel.execute(code)).result;
      assert.equal(await result('import { version } from "../lib/index.js"; version'), '1');
      assert.equal(await result('import { triple } from "./lib/index.js"; triple(2)'), '6');
      assert.equal(
        await result('const { triple: again } = await import("./lib/inner.js"); again === triple'),
        'true',
      );
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
    await using({ cwd }, async kernel => {
      const { reply } = await kernel.execute('import { fail } from "../lib/throws.js";\nfail({ x: 1 })');
      const traceback = (reply.content.traceback as string[]).join('\n');
      assert.match(traceback, /at fail \(lib\/throws\.ts:4:9\)\n {4}at cell \[1\]:2:1/);
    });
  });
});

describe('connections', () => {
  it('encrypts with CurveZMQ where the connection file has keys, and lets nobody in without', async () => {
    await using({ curve: true }, async kernel => {
      assert.equal((await kernel.execute('1 + 1')).result, '2');
      await kernel.beat();
    });
  });

  it('binds ipc sockets', { skip: process.platform === 'win32' }, async () => {
    const info = await connectionInfo();
    const ip = join(directory, 'socket');
    await using({ info: { ...info, transport: 'ipc', ip } }, async kernel => {
      assert.equal((await kernel.execute('1 + 1')).result, '2');
      assert.ok(existsSync(`${ip}-${info.shell_port}`));
    });
  });

  it('welcomes a subscriber, so that it need not guess when it hears everything', async () => {
    await using({}, async kernel => {
      await kernel.execute('1');
      assert.ok(kernel.iopub.some(({ header }) => header.msg_type === 'iopub_welcome'));
    });
  });

  it('ends on shutdown_request, with a reply that says whether it will be restarted', async () => {
    const kernel = await startKernel();
    const { reply } = await kernel.request('shutdown_request', { restart: true }, { channel: 'control' });
    assert.deepEqual(reply.content, { status: 'ok', restart: true });
    assert.equal(await kernel.exit, 0);
    await kernel.close();
  });

  it('says what is wrong with a connection file', () => {
    const file = join(directory, 'bad.json');
    writeFileSync(file, '{ "shell_port": "x" }');
    const { status, stderr } = spawnSync(process.execPath, [LAUNCHER, 'kernel', '--connection-file', file], {
      encoding: 'utf8',
    });
    assert.equal(status, 1);
    assert.match(stderr, /shell_port is "x", not a port/);
  });
});

describe('history', () => {
  it('is kept across restarts: tail, range, search, with outputs of this session', async () => {
    const env = { TSNB_HISTORY: join(directory, 'history.jsonl') };
    await using({ env }, async kernel => {
      await kernel.execute('const first = 1');
      await kernel.execute('first + 1');
      await kernel.execute('"not stored"', { store_history: false });
    });
    await using({ env }, async kernel => {
      await kernel.execute('"second session"');
      await kernel.execute('"second session"');
      const ask = async (content: object) =>
        (await kernel.request('history_request', { raw: true, output: false, ...content })).reply.content
          .history;
      assert.deepEqual(await ask({ hist_access_type: 'tail', n: 3 }), [
        [1, 2, 'first + 1'],
        [2, 1, '"second session"'],
        [2, 2, '"second session"'],
      ]);
      assert.deepEqual(await ask({ hist_access_type: 'range', session: -1, start: 1, stop: 2 }), [
        [1, 1, 'const first = 1'],
      ]);
      assert.deepEqual(await ask({ hist_access_type: 'search', pattern: '*session*', unique: true }), [
        [2, 2, '"second session"'],
      ]);
      assert.deepEqual(await ask({ hist_access_type: 'tail', n: 1, output: true }), [
        [2, 2, ['"second session"', "'second session'"]],
      ]);
    });
  });
});

describe('install', () => {
  const tsnb = (...args: string[]) => spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8' });

  it('writes a kernelspec with absolute paths, replaces it, and removes it', () => {
    const prefix = join(directory, 'prefix');
    for (let i = 0; i < 2; i++) assert.equal(tsnb('install', '--prefix', prefix).status, 0);
    const kernels = join(prefix, 'share/jupyter/kernels');
    assert.deepEqual(readdirSync(kernels), ['tsnb']);
    const spec = JSON.parse(readFileSync(join(kernels, 'tsnb/kernel.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    assert.deepEqual(spec.argv, [
      process.execPath,
      LAUNCHER,
      'kernel',
      '--connection-file',
      '{connection_file}',
    ]);
    assert.equal(spec.interrupt_mode, 'message');
    assert.equal(tsnb('uninstall', '--prefix', prefix).status, 0);
    assert.deepEqual(readdirSync(kernels), []);
    assert.match(tsnb('uninstall', '--prefix', prefix).stdout, /nothing/);
  });

  it('refuses unknown options and commands', () => {
    assert.match(tsnb('install', '--here').stderr, /unknown option --here/);
    assert.match(tsnb('install', '--prefix').stderr, /needs a directory/);
    assert.equal(tsnb('dance').status, 2);
  });
});
