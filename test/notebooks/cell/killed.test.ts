import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { killedRun } from '../../support/killed.js';
import { slow } from '../../support/slow.js';

describe('a training that is killed', { skip: slow('starts trainings of their own') }, () => {
  for (const mode of ['eager', 'compiled'] as const) {
    test(`and started again ends with the bytes of one that never stopped, ${mode}`, async () => {
      const whole = await killedRun(mode, 0);
      const { end, killed } = await killedRun(mode, 3);
      assert.ok(killed > 0);
      assert.ok(end.equals(whole.end));
    });
  }
});
