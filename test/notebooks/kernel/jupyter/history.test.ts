import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
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
});
