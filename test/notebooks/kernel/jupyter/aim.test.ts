import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createAim } from '../../../../notebooks/kernel/jupyter/aim.js';
import { header, type Message } from '../../../../notebooks/kernel/jupyter/wire.js';

const at = (milliseconds: number, session = 'client'): Message => ({
  identities: [],
  parent_header: {},
  metadata: {},
  content: {},
  buffers: [],
  header: { ...header('execute_request', session), date: new Date(1e12 + milliseconds).toISOString() },
});

describe('the cell that an interrupt is meant for', () => {
  it('is the running one, unless the same client sent it later', async () => {
    const { interrupt } = createAim();
    assert.equal(await interrupt(at(5), at(4)), true);
    assert.equal(await interrupt(at(5), at(5)), true);
    assert.equal(await interrupt(at(5), at(6)), false);
    assert.equal(await interrupt(at(5), at(6, 'another client, with a clock of its own')), true);
  });

  it('is one that was sent before it and read after it, however late', async () => {
    const aim = createAim();
    assert.equal(await aim.interrupt(at(5), undefined), false);
    assert.equal(aim.awaits(at(4)), true);
    assert.equal(aim.awaits(at(4)), false, 'one interrupt stops one cell');
  });

  it('is not one that was sent after it', async () => {
    for (const later of [6, 5]) {
      const aim = createAim();
      await aim.interrupt(at(5), undefined);
      assert.equal(aim.awaits(at(later)), false);
      assert.equal(aim.awaits(at(4)), false, 'the later cell has shown that no earlier one is to come');
    }
  });

  it('may be of the same millisecond or of another client for a moment', async () => {
    for (const [cell, meant] of [
      [at(5), true],
      [at(5, 'another'), true],
      [at(4, 'another'), true],
      [at(6, 'another'), false],
    ] as const) {
      const aim = createAim();
      const answered = aim.interrupt(at(5), undefined);
      await wait(1);
      assert.equal(aim.awaits(cell), meant);
      assert.equal(await answered, false);
    }
    const aim = createAim();
    await aim.interrupt(at(5), undefined);
    assert.equal(aim.awaits(at(4, 'another')), false);
  });
});
