import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { openKernel } from '../../../../notebooks/kernel/runner/running-kernel.js';
import { LAUNCHER } from '../client.js';

const fake = fileURLToPath(new URL('fake-kernel.ts', import.meta.url));

/** A kernel that finds its shell port taken, the first `times` times that it is started; the starts are counted. */
const crowded = (times: number, argv: string[] = ['', ''], script = fake) => {
  const folder = mkdtempSync(join(tmpdir(), 'crowded-'));
  const count = join(folder, 'count');
  const program = `
    const { appendFileSync, readFileSync } = require('node:fs');
    const file = process.argv[1];
    appendFileSync(${JSON.stringify(count)}, '.');
    const start = () => {
      process.argv = [...${JSON.stringify(argv)}, file];
      import(${JSON.stringify(pathToFileURL(script).href)});
    };
    if (readFileSync(${JSON.stringify(count)}).length > ${times}) start();
    else require('node:net').createServer().listen(JSON.parse(readFileSync(file)).shell_port, '127.0.0.1', start);
  `;
  return {
    command: [process.execPath, '--import', 'tsx', '-e', program, '{connection_file}'],
    starts: () => readFileSync(count).length,
    remove: () => rmSync(folder, { recursive: true }),
  };
};

describe('opening a kernel', { concurrency: 2 }, () => {
  test('a port that was taken in the meantime costs another start, not the run', async t => {
    const { command, starts, remove } = crowded(1);
    t.after(remove);
    const kernel = await openKernel({ command, cwd: process.cwd(), env: process.env });
    await kernel.stop();
    assert.equal(starts(), 2);
  });

  test("so it is with this project's kernel", async t => {
    const { command, starts, remove } = crowded(1, ['', LAUNCHER, 'kernel', '--connection-file'], LAUNCHER);
    t.after(remove);
    const kernel = await openKernel({ command, cwd: process.cwd(), env: process.env });
    await kernel.stop();
    assert.equal(starts(), 2);
  });

  test('a run that was stopped meanwhile is interrupted, and nothing has died', { timeout: 20_000 }, async () => {
    const command = [process.execPath, '--import', 'tsx', fake, '{connection_file}'];
    const options = { command, cwd: process.cwd(), env: process.env };
    await assert.rejects(openKernel(options, { abort: AbortSignal.abort() }), /^Error: interrupted/);
  });

  test('ports that are always taken end the attempts, with the reason', async t => {
    const { command, starts, remove } = crowded(100);
    t.after(remove);
    await assert.rejects(openKernel({ command, cwd: process.cwd(), env: process.env }), /EADDRINUSE/);
    assert.equal(starts(), 5);
  });
});
