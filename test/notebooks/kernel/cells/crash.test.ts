import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { alive, below, commandOf, survivors } from '../../../support/process-tree.js';
import { type Client, LAUNCHER, startKernel, withKernel } from '../client.js';

/** Whatever happens to the process that runs the cells, the kernel says so and goes on. */
describe('a user process that ends', { timeout: 120_000 }, () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
  });
  after(() => kernel.close());

  const endsBy = async (code: string, how: RegExp, output = '') => {
    await kernel.execute('const before = 1');
    const { reply, types, stream } = await kernel.execute(code);
    assert.equal(reply.content.status, 'error');
    assert.equal(reply.content.ename, 'ProcessEnded');
    assert.match(String(reply.content.evalue), how);
    assert.ok(types.includes('error'));
    assert.equal(stream('stdout'), output);
    assert.match(String((await kernel.execute('before')).reply.content.evalue), /TS2304/);
    assert.equal((await kernel.execute('1 + 1')).result, '2');
  };

  it('by process.exit, with the output before it', () =>
    endsBy('console.log("last words"); process.exit(3)', /code 3/, 'last words\n'));
  it('by kill -9', () => endsBy('process.kill(process.pid, "SIGKILL"); await new Promise(() => {})', /SIGKILL/));
  it('by a segfault', () => endsBy('process.kill(process.pid, "SIGSEGV"); await new Promise(() => {})', /SIGSEGV/));
  it('by running out of memory', async () => {
    const small = await startKernel({ env: { NODE_OPTIONS: '--max-old-space-size=150' } });
    const { reply } = await small.execute(
      'const hoard: unknown[] = []; for (;;) hoard.push(new Array(1e5).fill(hoard))',
    );
    assert.equal(reply.content.ename, 'ProcessEnded');
    assert.equal((await small.execute('1 + 1')).result, '2');
    await small.close();
  });

  it('between cells: the next cell says so and runs in a new process', async () => {
    const { result } = await kernel.execute('process.pid');
    process.kill(Number(result), 'SIGKILL');
    await new Promise(resolve => setTimeout(resolve, 300));
    const { stream, result: sum } = await kernel.execute('1 + 1');
    assert.equal(sum, '2');
    assert.match(stream('stderr'), /killed by SIGKILL/);
    assert.equal((await kernel.execute('2')).stream('stderr'), '');
  });

  it('takes its child processes along on shutdown', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'tsnb-crash-')), 'alive');
    await kernel.execute(`import { spawn } from 'node:child_process';
      spawn('sh', ['-c', 'while :; do echo alive >> ${file}; sleep 0.02; done']); await new Promise(r => setTimeout(r, 100))`);
    await kernel.close();
    const size = statSync(file).size;
    await new Promise(resolve => setTimeout(resolve, 150));
    assert.ok(size > 0);
    assert.equal(statSync(file).size, size);
    rmSync(dirname(file), { recursive: true });
    kernel = await startKernel();
  });
});

const isChecker = (pid: number): boolean => commandOf(pid).includes('--api');

describe('a checker that ends', { skip: process.platform === 'win32', timeout: 60_000 }, () => {
  it('is replaced, and no text can end it for good', async () => {
    await withKernel({}, async kernel => {
      await kernel.execute('let kept: number[] = []; const process = "hides a global"');
      for (const pid of below(kernel.pid).filter(isChecker)) process.kill(pid, 'SIGKILL');
      await new Promise(resolve => setTimeout(resolve, 200));
      assert.equal((await kernel.execute('kept.push(1); [kept, process.length]')).result, '[ [ 1 ], 14 ]');
      assert.match(String((await kernel.execute('kept.push("1")')).reply.content.evalue), /TS2345/);
      const code = 'const half = "\ud83d"; half';
      assert.equal((await kernel.execute(code)).result, "'\ufffd'");
      for (const type of ['complete_request', 'inspect_request']) {
        assert.equal((await kernel.request(type, { code, cursor_pos: 8 })).reply.content.status, 'ok');
      }
      assert.equal((await kernel.execute('kept.length')).result, '1');
    });
  });
});

describe('a kernel whose Jupyter is killed', { skip: process.platform === 'win32' }, () => {
  it('ends', async () => {
    // Jupyter's part: a process that starts the kernel, says that it is the parent, and dies.
    const jupyter = 'JPY_PARENT_PID=$$ "$@" & echo "kernel $!" >&2; wait';
    const kernel = await startKernel({
      command: ['sh', '-c', jupyter, 'sh', process.execPath, LAUNCHER, 'kernel', '-f', '{file}'],
    });
    const own = Number(/kernel (\d+)/.exec(kernel.log())?.[1]);
    const left = [own, ...below(own)];
    assert.ok(alive(left).length > 1);
    process.kill(kernel.pid, 'SIGKILL');
    assert.deepEqual(await survivors(left, 5000), []);
    await kernel.close();
  });
});

describe('a kernel that is killed (-9)', { skip: process.platform === 'win32' }, () => {
  const start = (how: string) => `import * as child from 'node:child_process'; ${how}`;
  for (const code of [
    ...['for (;;);', 'await new Promise(() => {})', ''],
    ...[start("child.spawn('sleep', ['100']);"), start("child.execSync('sleep 100');")],
  ]) {
    it(`leaves no process behind, while it runs: ${code || 'nothing'}`, async () => {
      const kernel = await startKernel();
      assert.equal((await kernel.execute('const x: number = 1; x')).result, '1');
      void kernel.execute(code);
      await new Promise(resolve => setTimeout(resolve, 200));
      const left = below(kernel.pid);
      assert.ok(left.length > 0);
      process.kill(kernel.pid, 'SIGKILL');
      assert.deepEqual(await survivors(left, 2500), []);
      await kernel.close();
    });
  }
});
