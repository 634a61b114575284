import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killedRun } from '../support/killed.js';

for (const mode of ['eager', 'compiled'] as const) {
  test(`a training killed twenty times ends with the bytes of one that never stopped, ${mode}`, async () => {
    const whole = await killedRun(mode, 0);
    const { end, killed } = await killedRun(mode, 20);
    assert.equal(killed, 20);
    assert.ok(end.equals(whole.end));
  });
}
