import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sharedKernel } from '../shared.js';

describe('process.stdin, where nobody can be asked', { timeout: 60_000 }, () => {
  const { run } = sharedKernel();

  for (const [how, code] of [
    [
      'asks for a line',
      `import { createInterface } from 'node:readline/promises';
      const asks = createInterface({ input: process.stdin, output: process.stdout }); await asks.question('name? ');`,
    ],
    ['waits for data', "await new Promise(done => process.stdin.once('data', done));"],
    ['waits for the end', "process.stdin.resume(); await new Promise(done => process.stdin.once('end', done));"],
    ['iterates', 'for await (const part of process.stdin) console.log(part);'],
  ] as const) {
    it(`ends a cell that ${how}, with what to do instead`, async () => {
      const { reply } = await run(code, { allow_stdin: false });
      assert.equal(reply.content.status, 'error');
      assert.match(String(reply.content.evalue), /process\.stdin asks somebody, but this run has nobody to ask/);
      assert.equal((await run('1 + 1')).result, '2');
    });
  }

  it('may be looked at, and is empty for child processes and by its number', async () => {
    assert.equal((await run('process.stdin.isTTY')).result, 'false');
    const { result } = await run(`import { execSync } from 'node:child_process'; import { readFileSync } from 'node:fs';
      String(execSync('cat', { stdio: ['inherit', 'pipe', 'pipe'] })) + readFileSync(0, 'utf8')`);
    assert.equal(result, "''");
  });
});
