import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { Request } from 'zeromq';
import { address, CHANNELS, connectionInfo } from '../../../notebooks/kernel/jupyter/connection.js';
import { historyFile } from '../../../notebooks/kernel/jupyter/history.js';
import { LAUNCHER, startKernel, withKernel } from './client.js';

const directory = mkdtempSync(join(tmpdir(), 'tsnb-start-'));
after(() => rmSync(directory, { recursive: true, force: true }));

describe('the program', () => {
  it('says its version', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    const said = spawnSync(process.execPath, [LAUNCHER, '--version'], { encoding: 'utf8' });
    assert.deepEqual([said.status, said.stdout], [0, `${version}\n`]);
  });
});

describe('connections', () => {
  it('encrypts with CurveZMQ where the connection file has keys, and lets nobody in without', async () => {
    await withKernel({ curve: true }, async kernel => {
      assert.equal((await kernel.execute('1 + 1')).result, '2');
      await kernel.beat();
      const { curve_publickey, curve_secretkey, ...bare } = kernel.info;
      assert.ok(curve_publickey && curve_secretkey);
      const stranger = new Request({ linger: 0, receiveTimeout: 500 });
      stranger.connect(address(bare, 'hb'));
      await stranger.send('ping');
      await assert.rejects(stranger.receive());
      stranger.close();
    });
  });

  it('listens at the address of the connection file only: loopback', {
    // Elsewhere 127.0.0.2 is nobody's address.
    skip: process.platform !== 'linux',
  }, async () => {
    await withKernel({}, async ({ info }) => {
      const reaches = (host: string, port: number) =>
        new Promise<boolean>(resolve => {
          const socket = createConnection({ host, port });
          socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
          socket.once('connect', () => socket.destroy());
        });
      assert.equal(info.ip, '127.0.0.1');
      for (const channel of CHANNELS) {
        assert.equal(await reaches('127.0.0.1', info[`${channel}_port`]), true, channel);
        assert.equal(await reaches('127.0.0.2', info[`${channel}_port`]), false, channel);
      }
    });
  });

  it('binds ipc sockets', { skip: process.platform === 'win32' }, async () => {
    const info = await connectionInfo();
    const ip = join(directory, 'socket');
    await withKernel({ info: { ...info, transport: 'ipc', ip } }, async kernel => {
      assert.equal((await kernel.execute('1 + 1')).result, '2');
      assert.ok(existsSync(`${ip}-${info.shell_port}`));
    });
  });

  it('welcomes a subscriber, so that it need not guess when it hears everything', async () => {
    await withKernel({}, async kernel => {
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

  it('ends on shutdown_request while a cell computes', async () => {
    const kernel = await startKernel();
    void kernel.execute('for (;;);');
    await new Promise(resolve => setTimeout(resolve, 300));
    const asked = performance.now();
    void kernel.send('control', 'shutdown_request', { restart: false });
    assert.equal(await kernel.exit, 0);
    assert.ok(performance.now() - asked < 4000);
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

describe('install', () => {
  const tsnb = (...args: string[]) => spawnSync(process.execPath, [LAUNCHER, ...args], { encoding: 'utf8' });
  const kernelJson = (prefix: string) =>
    JSON.parse(readFileSync(join(prefix, 'share/jupyter/kernels/tsnb/kernel.json'), 'utf8')) as Record<string, unknown>;

  it('writes a kernelspec with absolute paths, replaces it, and removes it', () => {
    const prefix = join(directory, 'prefix');
    for (let i = 0; i < 2; i++) assert.equal(tsnb('install', '--prefix', prefix).status, 0);
    const kernels = join(prefix, 'share/jupyter/kernels');
    assert.deepEqual(readdirSync(kernels), ['tsnb']);
    const spec = kernelJson(prefix);
    assert.deepEqual(spec.argv, [process.execPath, LAUNCHER, 'kernel', '--connection-file', '{connection_file}']);
    assert.equal(spec.interrupt_mode, 'message');
    assert.equal(tsnb('uninstall', '--prefix', prefix).status, 0);
    assert.deepEqual(readdirSync(kernels), []);
    assert.match(tsnb('uninstall', '--prefix', prefix).stdout, /nothing/);
  });

  it('keeps the history where TSNB_HISTORY says, and else where the user has data', () => {
    const prefix = join(directory, 'history');
    for (const history of [join(directory, 'own.jsonl'), undefined]) {
      const { TSNB_HISTORY: _, ...others } = process.env;
      const env = { ...others, ...(history ? { TSNB_HISTORY: history } : {}) };
      spawnSync(process.execPath, [LAUNCHER, 'install', '--prefix', prefix], { env });
      assert.deepEqual(kernelJson(prefix).env, history && { TSNB_HISTORY: history });
    }
    assert.equal(historyFile({ XDG_DATA_HOME: '/data' }), '/data/tsnb/history.jsonl');
    assert.equal(historyFile({ XDG_DATA_HOME: '/data', TSNB_HISTORY: '' }), undefined);
  });

  it('refuses unknown options and commands', () => {
    assert.match(tsnb('install', '--here').stderr, /unknown option --here/);
    assert.match(tsnb('install', '--prefix').stderr, /needs a directory/);
    assert.equal(tsnb('dance').status, 2);
  });
});
