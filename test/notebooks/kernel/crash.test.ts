import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Client, startKernel } from './client.js';

/** Whatever happens to the process that runs the cells, the kernel says so and goes on. */
describe('a user process that ends', () => {
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
  it('by kill -9', () =>
    endsBy('process.kill(process.pid, "SIGKILL"); await new Promise(() => {})', /SIGKILL/));
  it('by a segfault', () =>
    endsBy('process.kill(process.pid, "SIGSEGV"); await new Promise(() => {})', /SIGSEGV/));
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
