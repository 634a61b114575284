import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { slow } from '../../../support/slow.js';
import { withKernel } from '../client.js';

const skip = process.platform === 'win32' || slow('waits until the kernel has lost patience');

test('what cannot be interrupted costs the process of the cells, which says so, and the next one runs', {
  skip,
  timeout: 60_000,
}, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tsnb-fifo-'));
  execFileSync('mkfifo', [join(directory, 'fifo')]);
  const cells = [
    'import { pbkdf2Sync } from "node:crypto"; pbkdf2Sync("a", "b", 2 ** 31 - 1, 64, "sha512")',
    `import { readFileSync } from "node:fs"; readFileSync(${JSON.stringify(join(directory, 'fifo'))})`,
    `import { spawnSync } from "node:child_process"; spawnSync("sh", ["-c", "trap '' INT; while :; do sleep 1; done"])`,
    'process.kill(process.pid, "SIGSTOP"); await new Promise(() => undefined)',
  ];
  await Promise.all(
    cells.map((code, i) =>
      withKernel({}, async kernel => {
        const begun = join(directory, `begun-${i}`);
        const running = kernel.execute(
          `import * as files from "node:fs"; files.writeFileSync("${begun}", "");\n${code}`,
        );
        while (!existsSync(begun)) await wait(50);
        await wait(300);
        const asked = performance.now();
        await kernel.request('interrupt_request', {}, { channel: 'control' });
        const { reply } = await running;
        assert.ok(performance.now() - asked < 14_000, `${code}: ended ${performance.now() - asked} ms later`);
        assert.equal(reply.content.ename, 'ProcessEnded');
        assert.match(String(reply.content.evalue), /did not end within 10 s of an interrupt/);
        assert.equal((await kernel.execute('1 + 1')).result, '2');
      }),
    ),
  );
  rmSync(directory, { recursive: true });
});

test('a process of the cells that is stopped does not outlive a shutdown', {
  skip: skip || !existsSync('/proc/self/status'),
  timeout: 60_000,
}, async () => {
  const { pid, exit } = await withKernel({}, async kernel => {
    const stopped = Number((await kernel.execute('process.pid')).result);
    void kernel.execute('process.kill(process.pid, "SIGSTOP"); await new Promise(() => undefined)');
    while (!/^State:\s+T/m.test(readFileSync(`/proc/${stopped}/status`, 'utf8'))) await wait(50);
    return { pid: stopped, exit: kernel.exit };
  });
  assert.equal(await exit, 0);
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});
