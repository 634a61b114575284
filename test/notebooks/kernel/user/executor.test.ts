import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Execute, Report } from '../../../../notebooks/kernel/link/protocol.js';
import { NO_OPTIONS } from '../../../../notebooks/kernel/project/project-options.js';
import { createCells } from '../../../../notebooks/kernel/user/cells.js';
import { createExecutor } from '../../../../notebooks/kernel/user/executor.js';

const cell: Execute = {
  ...{
    type: 'execute',
    cell: 1,
    label: '1',
    source: '',
    js: '',
    names: [],
    mappings: [],
    options: NO_OPTIONS,
    types: [],
  },
  ...{ silent: false, allowStdin: false, expressions: {} },
};

describe('the end of a cell', () => {
  it('is told again where an interrupt finds it half told', async () => {
    const sent: string[] = [];
    let cuts = 1;
    let found: boolean | undefined;
    const executor = createExecutor({
      channel: {
        send(report: Report) {
          // The first is lost, and an interrupt comes instead.
          if (report.type === 'done' && cuts-- > 0) found = executor.interrupt(1);
          else sent.push(report.type);
        },
      },
      cells: createCells(),
      evaluator: {
        run: (_cell, _js, _names, done) => done({ ok: true }),
        call: () => undefined,
        has: () => false,
        value: () => undefined,
        take: () => undefined,
        begun: () => undefined,
      },
      describe: thrown => assert.fail(thrown as Error),
      show: () => assert.fail('no value'),
      shown: () => undefined,
      keep: () => undefined,
      payload: () => [],
      interrupted: () => false,
      finish: () => undefined,
    });
    executor.execute(cell);
    await sleep(5);
    assert.equal(found, true);
    assert.deepEqual(sent, ['error', 'done']);
    assert.equal(executor.interrupt(1), false);
  });
});
