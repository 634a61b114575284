import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type History, openHistory } from '../../../../notebooks/kernel/jupyter/history.js';
import { withKernel } from '../client.js';

const directory = mkdtempSync(join(tmpdir(), 'tsnb-history-'));
after(() => rmSync(directory, { recursive: true, force: true }));

describe('history', () => {
  it('is kept across restarts: tail, range, search, with outputs of this session', async () => {
    const env = { TSNB_HISTORY: join(directory, 'history.jsonl') };
    await withKernel({ env }, async kernel => {
      await kernel.execute('const first = 1');
      await kernel.execute('first + 1');
      await kernel.execute('"not stored"', { store_history: false });
    });
    await withKernel({ env }, async kernel => {
      await kernel.execute('"second session"');
      await kernel.execute('"second session"');
      const ask = async (content: object) =>
        (await kernel.request('history_request', { raw: true, output: false, ...content })).reply.content.history;
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

  it('gives kernels that run at the same time numbers of their own', async () => {
    const env = { TSNB_HISTORY: join(directory, 'shared.jsonl') };
    await withKernel({ env }, first =>
      withKernel({ env }, async second => {
        await second.execute('"of the second"');
        await first.execute('"of the first"');
      }),
    );
    await withKernel({ env }, async third => {
      const { reply } = await third.request('history_request', { hist_access_type: 'tail', n: 9, output: false });
      assert.deepEqual(reply.content.history, [
        [2, 1, '"of the second"'],
        [1, 1, '"of the first"'],
      ]);
    });
  });

  it('settles who has a number where two ask for it at once', async () => {
    const file = join(directory, 'race.jsonl');
    const url = new URL('../../../../notebooks/kernel/jupyter/history.ts', import.meta.url).href;
    const code = `import { openHistory } from ${JSON.stringify(url)};
      import { existsSync, writeFileSync } from 'node:fs';
      const [, own, other] = process.argv;
      writeFileSync(own, '');
      while (!existsSync(other));
      for (let n = 0; n < 200; n++) openHistory(${JSON.stringify(file)}).add(1, String(process.pid));`;
    const args = ['--import', 'tsx', '--input-type=module', '--eval', code];
    const run = promisify(execFile);
    const ready = ['one', 'two'].map(name => join(directory, name));
    await Promise.all([ready, [...ready].reverse()].map(files => run(process.execPath, [...args, ...files])));
    const sessions = openHistory(file)
      .request({ hist_access_type: 'tail' })
      .map(entry => (entry as number[])[0]);
    assert.equal(new Set(sessions).size, 400);
  });

  it('is trimmed to the newest inputs, in the file and in memory, for the owner only', () => {
    const file = join(directory, 'long.jsonl');
    const bound = { entries: 10, characters: 2000 };
    const long = openHistory(file, bound);
    for (let line = 1; line <= 30; line++) long.add(line, `${line}`);
    const lines = (history: History) =>
      history.request({ hist_access_type: 'tail' }).map(entry => (entry as number[])[1]);
    const newest = Array.from({ length: 10 }, (_, index) => 21 + index);
    assert.deepEqual(lines(long), newest);
    assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 31);
    assert.deepEqual(lines(openHistory(file, bound)), newest);
    assert.equal(readFileSync(file, 'utf8').trim().split('\n').length, 11, 'ten inputs, and the session that begins');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const wide = openHistory(file, bound);
    wide.add(1, 'x'.repeat(1900));
    wide.add(2, 'y'.repeat(1900));
    wide.add(3, 'z'.repeat(1900));
    assert.deepEqual(lines(openHistory(file, bound)), [3]);
  });
});
